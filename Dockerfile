# The service without an embedded database: it wants DATABASE_URL. Built with all packages, run with those of production only, as the
# user node, on a root that may be read-only where /tmp is writable (deliveries wait there while they are read).
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY src src
COPY migrations migrations
RUN npm run build && npm prune --omit=dev --omit=optional --ignore-scripts

FROM node:24-bookworm-slim
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY data data
COPY openapi openapi
COPY docs docs
COPY README.md CHANGELOG.md ./
RUN chmod +x dist/src/cli.js && ln -s /app/dist/src/cli.js /usr/local/bin/outturn
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/ready`).then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "--max-old-space-size=1024", "dist/src/cli.js"]
CMD ["serve"]
