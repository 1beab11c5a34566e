import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { TIME_CODE } from '../../e2e/support/fake-camera.ts';
import { debianPackages } from '../../scripts/host/debian-packages.ts';
import { inCheckout } from '../../scripts/host/paths.ts';
import { freePorts } from '../../scripts/host/ports.ts';
import { endChild, exitOf } from '../../scripts/services/running.ts';

/** Segments and key frames of this length, as it is commonly set up. */
const SEGMENT_S = 2;
const READY_WITHIN_MS = 30_000;

/** Debian's nginx with its RTMP module, which makes HLS of what is published to it; and a page that plays that by hls.js. */
export class NginxRtmp {
  readonly pageUrl: string;
  readonly #children: ChildProcess[];
  readonly #folder: string;

  private constructor(pageUrl: string, folder: string, nginx: ChildProcess) {
    this.pageUrl = pageUrl;
    this.#folder = folder;
    this.#children = [nginx];
  }

  /** Publishes a picture with the wall clock in it, and resolves when there is a playlist. @throws SetupFailure without Debian's packages */
  static async start(ffmpegPath: string): Promise<NginxRtmp> {
    const tree = await debianPackages('nginx', 'libnginx-mod-rtmp');
    const folder = mkdtempSync(path.join(tmpdir(), 'yike-nginx-'));
    // Started as root, its workers are somebody else.
    chmodSync(folder, 0o777);
    const [http = 0, rtmp = 0] = await freePorts(2);
    const site = path.join(folder, 'site');
    mkdirSync(site);
    chmodSync(site, 0o777);
    writeFileSync(path.join(site, 'index.html'), PAGE);
    writeFileSync(
      path.join(site, 'hls.js'),
      readFileSync(inCheckout('node_modules', 'hls.js', 'dist', 'hls.min.js')),
    );
    const module = path.join(tree.root, 'usr/lib/nginx/modules/ngx_rtmp_module.so');
    const config = path.join(folder, 'nginx.conf');
    writeFileSync(config, configuration({ module, folder, site, http, rtmp }));
    const nginx = spawn(
      tree.program('nginx'),
      ['-p', folder, '-c', config, '-e', path.join(folder, 'error.log')],
      {
        env: { ...process.env, ...tree.env },
        stdio: 'ignore',
      },
    );
    const origin = `http://127.0.0.1:${http}`;
    const server = new NginxRtmp(`${origin}/index.html`, folder, nginx);
    try {
      await answering(server.pageUrl);
      const publish = publisherArguments(`rtmp://127.0.0.1:${rtmp}/live/lecture`);
      server.#children.push(spawn(ffmpegPath, publish, { stdio: 'ignore' }));
      await answering(`${origin}/lecture.m3u8`);
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  async stop(): Promise<void> {
    const running = this.#children.filter(({ exitCode }) => exitCode === null);
    await Promise.all(
      running.map((child) => endChild(child, exitOf(child), { signal: 'SIGTERM', graceMs: 2_000 })),
    );
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function answering(url: string): Promise<void> {
  for (const deadline = Date.now() + READY_WITHIN_MS; ;) {
    const isThere = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isThere) return;
    if (Date.now() > deadline) throw new Error(`${url} does not answer`);
    await sleep(100);
  }
}

interface Setup {
  readonly module: string;
  readonly folder: string;
  readonly site: string;
  readonly http: number;
  readonly rtmp: number;
}

const configuration = ({ module, folder, site, http, rtmp }: Setup): string => `
load_module ${module};
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 256; }
rtmp {
  access_log off;
  server {
    listen 127.0.0.1:${rtmp};
    application live {
      live on;
      hls on;
      hls_path ${site};
      hls_fragment ${SEGMENT_S}s;
      hls_playlist_length ${5 * SEGMENT_S}s;
    }
  }
}
http {
  access_log off;
  types { text/html html; text/javascript js; application/vnd.apple.mpegurl m3u8; video/mp2t ts; }
${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `  ${name}_temp_path ${folder}/${name};`).join('\n')}
  server {
    listen 127.0.0.1:${http};
    root ${site};
    add_header Cache-Control no-cache;
  }
}
`;

const PAGE = `<!doctype html><video muted autoplay playsinline width="1280" height="720"></video>
<script src="hls.js"></script>
<script>
  const player = new Hls();
  player.loadSource('lecture.m3u8');
  player.attachMedia(document.querySelector('video'));
</script>`;

/** The blocks of the fake camera, drawn by ffmpeg: a filter for each bit, on while the bit is set at the picture's wall clock. */
function publisherArguments(url: string): string[] {
  const { bits, x, y, width, height } = TIME_CODE;
  const blocks = Array.from({ length: bits }, (_, bit) => {
    const isSet = `gte(mod(floor(t*1000/${2 ** (bits - 1 - bit)})\\,2)\\,1)`;
    return `drawbox=x=${x + bit * width}:y=${y}:w=${width}:h=${height}:t=fill:color=white:enable='${isSet}'`;
  });
  const frame = `drawbox=x=${x - 20}:y=${y - 20}:w=${width * bits + 40}:h=${height + 40}:t=fill:color=black`;
  const picture = [
    'color=c=0x24556c:size=1280x720:rate=30',
    'realtime',
    'setpts=RTCTIME/(TB*1000000)',
    frame,
    ...blocks,
  ];
  return [
    ...['-nostdin', '-v', 'error', '-f', 'lavfi', '-i', [...picture, 'setpts=PTS-STARTPTS'].join(',')],
    ...['-f', 'lavfi', '-i', 'anullsrc=r=48000:cl=stereo'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-profile:v', 'baseline'],
    ...['-pix_fmt', 'yuv420p', '-g', String(30 * SEGMENT_S), '-b:v', '1400k'],
    ...['-c:a', 'aac', '-b:a', '64k', '-f', 'flv', url],
  ];
}
