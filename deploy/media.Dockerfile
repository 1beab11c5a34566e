# A media node. Build with the project's root as context: docker build -f deploy/media.Dockerfile .
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
COPY media media
RUN npx tsc -b media

# mediasoup's own worker where it can be downloaded, else built from the package's source with Debian's libraries.
FROM build AS worker
COPY scripts scripts
COPY deploy/provide-worker.ts deploy/
RUN apt-get update && apt-get install --yes --no-install-recommends g++ ca-certificates \
	&& node deploy/provide-worker.ts /worker

FROM packages AS production
RUN npm ci --omit=dev --ignore-scripts --workspace media --workspace contracts --workspace storage

FROM ${NODE_IMAGE}
RUN apt-get update && apt-get install --yes --no-install-recommends ffmpeg && rm -rf /var/lib/apt/lists/* \
	&& install --directory --owner=node --group=node /spool
ENV NODE_ENV=production \
	FFMPEG_PATH=/usr/bin/ffmpeg \
	MEDIASOUP_WORKER_BIN=/opt/mediasoup-worker/mediasoup-worker \
	SPOOL_DIR=/spool
WORKDIR /yike
COPY --from=worker /worker /opt/mediasoup-worker
COPY --from=production /yike ./
COPY --from=build /yike/contracts/dist contracts/dist
COPY --from=build /yike/storage/dist storage/dist
COPY --from=build /yike/media/dist media/dist
USER node
VOLUME /spool
EXPOSE 8081 44400-44403/udp 44400-44403/tcp
HEALTHCHECK --interval=5s --timeout=3s --start-period=20s --retries=3 \
	CMD ["node", "-e", "fetch('http://127.0.0.1:8081/ready').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "media/dist/main.js"]
