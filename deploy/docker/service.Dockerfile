# One of the demo's processes: `--build-arg SERVICE=service-a`, `service-b` or `webhook-receiver`. Built from the
# repository's root. The sources run as they are; Node strips their types.
FROM node:24.21.0-slim AS dependencies
ARG SERVICE
WORKDIR /app
COPY package.json package-lock.json ./
# Every workspace's manifest: the lock file speaks of all of them.
COPY packages/console/package.json packages/console/
COPY packages/faults/package.json packages/faults/
COPY packages/guard/package.json packages/guard/
COPY packages/telemetry/package.json packages/telemetry/
COPY services/service-a/package.json services/service-a/
COPY services/service-b/package.json services/service-b/
COPY services/webhook-receiver/package.json services/webhook-receiver/
# Without scripts: `prepare` builds the console, which is not part of this image.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund -w services/${SERVICE}

FROM node:24.21.0-slim
ARG SERVICE
ENV NODE_ENV=production HOST=0.0.0.0
WORKDIR /app
COPY --from=dependencies /app ./
COPY packages/faults/src packages/faults/src
COPY packages/telemetry/src packages/telemetry/src
COPY services/${SERVICE}/src services/${SERVICE}/src
# A folder of its own user's, so that a volume mounted here is writable.
RUN mkdir /data && chown node:node /data && ln -s services/${SERVICE}/src/main.ts main.ts
USER node
HEALTHCHECK --interval=5s --timeout=3s --start-period=15s --retries=6 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "main.ts"]
