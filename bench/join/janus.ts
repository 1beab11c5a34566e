import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dyingWithParent } from '../../media/src/recording/dies-with-parent.ts';
import { debianPackages } from '../../scripts/host/debian-packages.ts';
import type { ForwardTo } from './janus-lecturer.ts';
import { freePorts } from '../../scripts/host/ports.ts';
import { endChild, exitOf } from '../../scripts/services/running.ts';

/** Its two streams of the same picture: who joins the one asks for a key frame; who joins the other gets the last one, which is kept. */
export const MOUNTPOINTS = { live: 1, keptKeyFrame: 2 } as const;

const READY_WITHIN_MS = 15_000;
const PAYLOAD_TYPES = { video: 96, audio: 97 };

/** Debian's Janus with its streaming plugin, and its video room for the lecturer whose picture is streamed. */
export class JanusServer {
  readonly url: string;
  /** Where the lecturer's picture and sound are to be sent. */
  readonly mountpoints: readonly ForwardTo[];
  readonly #janus: ChildProcess;
  readonly #folder: string;

  private constructor(url: string, mountpoints: readonly ForwardTo[], janus: ChildProcess, folder: string) {
    this.url = url;
    this.mountpoints = mountpoints;
    this.#janus = janus;
    this.#folder = folder;
  }

  /** @throws SetupFailure where Debian's packages cannot be had */
  static async start(): Promise<JanusServer> {
    const tree = await debianPackages('janus');
    const folder = mkdtempSync(path.join(tmpdir(), 'yike-janus-'));
    const [port = 0, ...media] = await freePorts(1 + 3 * Object.keys(MOUNTPOINTS).length);
    const mountpoints = Object.values(MOUNTPOINTS).map((id, index) =>
      forwardTo(media.slice(3 * index), id === MOUNTPOINTS.live),
    );
    const configs = path.join(folder, 'configs');
    mkdirSync(configs);
    const library = path.join(tree.root, 'usr/lib/x86_64-linux-gnu/janus');
    writeFileSync(path.join(configs, 'janus.jcfg'), mainConfig(library, configs));
    writeFileSync(path.join(configs, 'janus.transport.websockets.jcfg'), socketConfig(port));
    writeFileSync(path.join(configs, 'janus.plugin.streaming.jcfg'), streamingConfig(mountpoints));
    const settings = ['-C', path.join(configs, 'janus.jcfg'), '-F', configs];
    const janus = spawn(...dyingWithParent(tree.program('janus'), settings), {
      env: { ...process.env, ...tree.env },
      stdio: 'ignore',
    });
    const url = `ws://127.0.0.1:${port}`;
    const server = new JanusServer(url, mountpoints, janus, folder);
    try {
      await answering(url);
    } catch (error) {
      await server.stop();
      throw error;
    }
    return server;
  }

  async stop(): Promise<void> {
    if (this.#janus.exitCode === null)
      await endChild(this.#janus, exitOf(this.#janus), { signal: 'SIGTERM', graceMs: 1_000 });
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

/** Sessions stay without being kept alive: the lecturer's lasts as long as the bench. */
const mainConfig = (library: string, configs: string): string => `
general: {
  configs_folder = "${configs}"
  plugins_folder = "${library}/plugins"
  transports_folder = "${library}/transports"
  events_folder = "${configs}"
  loggers_folder = "${configs}"
  debug_level = 3
  session_timeout = 0
}
nat: { nice_debug = false  full_trickle = false }
plugins: { disable = "${others(OTHER_PLUGINS)}" }
transports: { disable = "${others(OTHER_TRANSPORTS)}" }
`;

const OTHER_PLUGINS = [
  ...['audiobridge', 'duktape', 'echotest', 'lua', 'nosip', 'recordplay', 'sip', 'textroom', 'videocall'],
  'voicemail',
];
const OTHER_TRANSPORTS = ['http', 'mqtt', 'nanomsg', 'pfunix', 'rabbitmq'];
const others = (names: readonly string[]): string => names.map((name) => `libjanus_${name}.so`).join(',');

const socketConfig = (port: number): string => `
general: { json = "compact"  ws = true  ws_port = ${port}  ws_ip = "127.0.0.1"  wss = false }
admin: { admin_ws = false  admin_wss = false }
`;

const forwardTo = ([video = 0, rtcp = 0, audio = 0]: readonly number[], asks: boolean): ForwardTo => ({
  video: { port: video, rtcpPort: asks ? rtcp : undefined, payloadType: PAYLOAD_TYPES.video },
  audio: { port: audio, payloadType: PAYLOAD_TYPES.audio },
});

/** H.264 as Chromium takes it, constrained baseline. With a port for RTCP it asks for a key frame when somebody joins. */
const streamingConfig = (mountpoints: readonly ForwardTo[]): string =>
  mountpoints
    .map(
      ({ video, audio }, index) => `
stream-${index}: {
  type = "rtp"  id = ${Object.values(MOUNTPOINTS)[index]}  description = "bench"
  audio = true  audioport = ${audio.port}  audiopt = ${audio.payloadType}  audiocodec = "opus"
  video = true  videoport = ${video.port}  videopt = ${video.payloadType}  videocodec = "h264"
  videofmtp = "profile-level-id=42e01f;packetization-mode=1"
  ${video.rtcpPort === undefined ? 'videobufferkf = true' : `videortcpport = ${video.rtcpPort}`}
}
`,
    )
    .join('');
