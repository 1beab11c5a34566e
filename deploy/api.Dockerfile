# The API with the built portal. Build with the project's root as context: docker build -f deploy/api.Dockerfile .
ARG NODE_IMAGE=node:24.21.0-bookworm-slim

FROM ${NODE_IMAGE} AS packages
WORKDIR /yike
COPY package.json package-lock.json .npmrc ./
COPY contracts/package.json contracts/
COPY storage/package.json storage/
COPY media/package.json media/
COPY api/package.json api/
COPY portal/package.json portal/

FROM packages AS build
RUN npm ci --ignore-scripts
COPY tsconfig.base.json ./
COPY contracts contracts
COPY storage storage
COPY api api
COPY portal portal
RUN npx tsc -b api && npm run build --workspace portal

FROM packages AS production
RUN npm ci --omit=dev --ignore-scripts --workspace api --workspace contracts --workspace storage --workspace portal

FROM ${NODE_IMAGE}
ENV NODE_ENV=production
WORKDIR /yike
COPY --from=production /yike ./
COPY --from=build /yike/contracts/dist contracts/dist
COPY --from=build /yike/storage/dist storage/dist
COPY --from=build /yike/api/dist api/dist
COPY --from=build /yike/portal/build portal/build
USER node
EXPOSE 8082
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s --retries=3 \
	CMD ["node", "-e", "fetch('http://127.0.0.1:8082/ready').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "--max-semi-space-size=64", "api/dist/main.js"]
