# The guard: metrics store, rules, alert routing, traces and console in one process. Built from the repository's root.
FROM node:24.21.0-slim AS build
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
RUN npm ci --ignore-scripts --no-audit --no-fund -w packages/console -w packages/guard --include-workspace-root=false
COPY packages/console packages/console
COPY packages/guard packages/guard
RUN npm run build -w packages/console -w packages/guard

# The bundle holds every library: neither sources nor node_modules are needed.
FROM node:24.21.0-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/packages/console/dist packages/console/dist
COPY packages/guard/package.json packages/guard/
COPY packages/guard/bin packages/guard/bin
COPY packages/guard/src/server/alertmanager-openapi.yaml packages/guard/src/server/
COPY --from=build /app/packages/guard/dist packages/guard/dist
# A folder of its own user's, so that a volume mounted here is writable.
RUN mkdir /data && chown node:node /data
USER node
HEALTHCHECK --interval=5s --timeout=3s --start-period=15s --retries=6 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9090/-/ready').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "packages/guard/bin/slo-guard.js", "serve"]
