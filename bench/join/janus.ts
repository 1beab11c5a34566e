import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { clipFile } from '../../media/src/testing/clip.ts';
import { debianPackages } from '../../scripts/host/debian-packages.ts';
import { freePorts } from '../../scripts/host/ports.ts';
import { endChild, exitOf } from '../../scripts/services/running.ts';

/** Its two streams of the same picture: as it comes, and with the last key frame kept for who joins. */
export const MOUNTPOINTS = { plain: 1, keptKeyFrame: 2 } as const;

const READY_WITHIN_MS = 15_000;
const PAYLOAD_TYPES = { video: 96, audio: 97 };

/** Debian's Janus with its streaming plugin alone, and a picture of 720p with a key frame each second that is sent to it. */
export class JanusServer {
  readonly url: string;
  readonly #children: readonly ChildProcess[];
  readonly #folder: string;

  private constructor(url: string, children: readonly ChildProcess[], folder: string) {
    this.url = url;
    this.#children = children;
    this.#folder = folder;
  }

  /** @throws SetupFailure where Debian's packages cannot be had */
  static async start(ffmpegPath: string): Promise<JanusServer> {
    const tree = await debianPackages('janus');
    const folder = mkdtempSync(path.join(tmpdir(), 'yike-janus-'));
    const [port = 0, ...rtp] = await freePorts(5);
    const configs = path.join(folder, 'configs');
    mkdirSync(configs);
    const library = path.join(tree.root, 'usr/lib/x86_64-linux-gnu/janus');
    writeFileSync(path.join(configs, 'janus.jcfg'), mainConfig(library, configs));
    writeFileSync(path.join(configs, 'janus.transport.websockets.jcfg'), socketConfig(port));
    writeFileSync(path.join(configs, 'janus.plugin.streaming.jcfg'), streamingConfig(rtp));
    const janus = spawn(tree.program('janus'), ['-C', path.join(configs, 'janus.jcfg'), '-F', configs], {
      env: { ...process.env, ...tree.env },
      stdio: 'ignore',
    });
    const ffmpeg = spawn(ffmpegPath, sourceArguments(await clipFile(ffmpegPath, 'h264'), rtp), {
      stdio: 'ignore',
    });
    const url = `ws://127.0.0.1:${port}`;
    const server = new JanusServer(url, [janus, ffmpeg], folder);
    try {
      await answering(url);
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  async stop(): Promise<void> {
    const running = this.#children.filter(({ exitCode }) => exitCode === null);
    await Promise.all(
      running.map((child) => endChild(child, exitOf(child), { signal: 'SIGTERM', graceMs: 1_000 })),
    );
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function answering(url: string): Promise<void> {
  for (const deadline = Date.now() + READY_WITHIN_MS; ;) {
    const isUp = await new Promise<boolean>((resolve) => {
      const socket = new WebSocket(url, 'janus-protocol');
      socket.onopen = () => {
        socket.close();
        resolve(true);
      };
      socket.onerror = () => {
        resolve(false);
      };
    });
    if (isUp) return;
    if (Date.now() > deadline) throw new Error('Janus did not start');
    await sleep(100);
  }
}

const mainConfig = (library: string, configs: string): string => `
general: {
  configs_folder = "${configs}"
  plugins_folder = "${library}/plugins"
  transports_folder = "${library}/transports"
  events_folder = "${configs}"
  loggers_folder = "${configs}"
  debug_level = 3
}
nat: { nice_debug = false  full_trickle = false }
plugins: { disable = "${others(OTHER_PLUGINS)}" }
transports: { disable = "${others(OTHER_TRANSPORTS)}" }
`;

const OTHER_PLUGINS = [
  ...['audiobridge', 'duktape', 'echotest', 'lua', 'nosip', 'recordplay', 'sip', 'textroom', 'videocall'],
  ...['videoroom', 'voicemail'],
];
const OTHER_TRANSPORTS = ['http', 'mqtt', 'nanomsg', 'pfunix', 'rabbitmq'];
const others = (names: readonly string[]): string => names.map((name) => `libjanus_${name}.so`).join(',');

const socketConfig = (port: number): string => `
general: { json = "compact"  ws = true  ws_port = ${port}  ws_ip = "127.0.0.1"  wss = false }
admin: { admin_ws = false  admin_wss = false }
`;

/** H.264 as Chromium takes it, constrained baseline. */
const streamingConfig = (ports: readonly number[]): string =>
  Object.values(MOUNTPOINTS)
    .map(
      (id, index) => `
stream-${id}: {
  type = "rtp"  id = ${id}  description = "bench"
  audio = true  audioport = ${ports[2 * index + 1]}  audiopt = ${PAYLOAD_TYPES.audio}  audiocodec = "opus"
  video = true  videoport = ${ports[2 * index]}  videopt = ${PAYLOAD_TYPES.video}  videocodec = "h264"
  videofmtp = "profile-level-id=42e01f;packetization-mode=1"
  videobufferkf = ${id === MOUNTPOINTS.keptKeyFrame}
}
`,
    )
    .join('');

/** The clip as it is, at its own pace, over and over, to both. */
const sourceArguments = (clip: string, ports: readonly number[]): string[] => [
  ...['-nostdin', '-v', 'error', '-re', '-stream_loop', '-1', '-i', clip],
  ...ports.flatMap((port, index) => {
    const kind = index % 2 === 0 ? 'video' : 'audio';
    const headers = kind === 'video' ? ['-bsf:v', 'h264_mp4toannexb'] : [];
    return [
      ...['-map', `0:${kind[0] ?? ''}:0`, '-c', 'copy', ...headers],
      ...['-payload_type', String(PAYLOAD_TYPES[kind]), '-f', 'rtp', `rtp://127.0.0.1:${port}?pkt_size=1200`],
    ];
  }),
];
