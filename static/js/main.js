// Comfort only: every page works without these.
import { copyButtons } from "./copy.js";
import { focusErrors } from "./focus-errors.js";
import { gridKeys } from "./grid-keys.js";
import { ownTime } from "./own-time.js";
import { warnUnsaved } from "./unsaved.js";

focusErrors();
copyButtons();
gridKeys();
ownTime();
warnUnsaved();
