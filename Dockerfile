# The image of the web process, the workers and beat: one image, told apart by its command (docker-compose.yml).

FROM node:22-bookworm-slim AS frontend
WORKDIR /site
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

FROM python:3.12-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 \
    VAR_DIR=/site/var SCRATCH_DIR=/scratch CREDENTIALS_DIR=/credentials WEB_BIND=0.0.0.0:8000
# The group and user of the volumes; nothing here runs as root.
RUN groupadd --system --gid 10001 site \
    && useradd --system --uid 10001 --gid site --home-dir /site --no-create-home --shell /usr/sbin/nologin site
WORKDIR /site
COPY requirements.lock ./
RUN pip install --require-hashes -r requirements.lock
COPY . .
COPY --from=frontend /site/node_modules node_modules
# Static files are built with values that only let the settings load; none of them stays in the image.
RUN python bin/vendor && rm -rf node_modules \
    && SECRET_KEY=only-while-building SITE_URL=https://build.invalid REDIS_URL=redis://build.invalid \
       DATABASE_URL=postgresql://app@build.invalid/build python manage.py collectstatic --no-input --verbosity 0 \
    && mkdir -p var/run var/mail /scratch && mkdir -m 700 /credentials \
    && chown -R site:site var/run var/mail /scratch /credentials
USER 10001:10001
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "--config", "gunicorn.conf.py"]
