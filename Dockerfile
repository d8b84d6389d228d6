# docker build -t convoca .
# docker run --rm -v convoca:/data convoca convoca migrate
# docker run --read-only --tmpfs /tmp -v convoca:/data -p 127.0.0.1:8000:8000 convoca

FROM python:3.13-slim AS build
RUN python -m venv /opt/convoca
WORKDIR /srv/convoca
# Before the program, so that an edit of the program does not install everything anew.
COPY requirements/run.lock requirements/
RUN /opt/convoca/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements/run.lock
COPY . .
RUN /opt/convoca/bin/pip install --no-cache-dir --no-index --no-deps --no-build-isolation -e .

FROM python:3.13-slim
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data convoca \
    && install --directory --owner=convoca --group=convoca --mode=0700 /data
COPY --from=build /opt/convoca /opt/convoca
COPY --from=build /srv/convoca /srv/convoca
ENV PATH=/opt/convoca/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    CONVOCA_DATA_DIR=/data
WORKDIR /srv/convoca
USER 10001:10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "from http.client import HTTPConnection as C; c = C('127.0.0.1', 8000, timeout=3); c.request('GET', '/livez'); raise SystemExit(c.getresponse().status != 200)"]
CMD ["convoca", "serve", "--host", "0.0.0.0"]
