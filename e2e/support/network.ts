import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { debianPackages } from '../../scripts/host/debian-packages.ts';

const run = promisify(execFile);

/** The two ways into a separate network: one for pages and requests, one for WebRTC, so that each can be hindered alone. */
export type Link = 'pages' | 'media';

const LINKS = {
  pages: { net: '10.77.0', device: 'yike-p' },
  media: { net: '10.77.1', device: 'yike-m' },
} as const;
const NAME = 'yike-resident';
/** Run inside: what comes to this port of the loopback goes on to the host that is given. */
const RELAY = `const [host, port] = process.argv.slice(1);
const { connect, createServer } = require('node:net');
createServer((here) => {
  const there = connect(Number(port), host);
  here.pipe(there).pipe(here);
  for (const end of [here, there]) end.on('error', () => [here, there].forEach((each) => each.destroy()));
}).listen(Number(port), '127.0.0.1', () => console.log('up'));`;

/**
 * A network namespace for a browser, joined to this machine by two links (root only; iproute2 alone, no firewall). Here each ends in address
 * `.1`, there in `.2`. A blocked link swallows packets both ways without a word, as a firewall does.
 */
export class SeparateNetwork {
  /** Where the product must say that its WebRTC is: `RTC_ANNOUNCED_ADDRESS`. */
  static readonly mediaAddress = `${LINKS.media.net}.1`;
  /** The same, where WebRTC shall share the line of the pages. */
  static readonly pagesAddress = `${LINKS.pages.net}.1`;
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'yike-network-'));
  readonly #relays: Server[] = [];
  readonly #programs: ChildProcess[] = [];

  /** Sets it up anew, whatever an earlier run has left behind. */
  static async create(): Promise<SeparateNetwork> {
    await run('ip', ['netns', 'delete', NAME]).catch(() => undefined);
    await run('ip', ['netns', 'add', NAME]);
    await within('ip', ['link', 'set', 'lo', 'up']);
    for (const { net, device } of Object.values(LINKS)) {
      await run('ip', ['link', 'add', device, 'type', 'veth', 'peer', 'name', device, 'netns', NAME]);
      await run('ip', ['addr', 'add', `${net}.1/30`, 'dev', device]);
      await run('ip', ['link', 'set', device, 'up']);
      await within('ip', ['addr', 'add', `${net}.2/30`, 'dev', device]);
      await within('ip', ['link', 'set', device, 'up']);
      // What comes by one link with the other's address would go around a block.
      writeFileSync(`/proc/sys/net/ipv4/conf/${device}/rp_filter`, '1');
    }
    return new SeparateNetwork();
  }

  /** Lets the inside reach a server of this machine's loopback. @returns its origin as seen from inside */
  async reach(origin: string): Promise<string> {
    const port = Number(new URL(origin).port);
    const host = `${LINKS.pages.net}.1`;
    const relay = createServer((inside) => {
      const outside = connect(port, '127.0.0.1');
      inside.pipe(outside).pipe(inside);
      inside.on('error', () => outside.destroy());
      outside.on('error', () => inside.destroy());
    });
    this.#relays.push(relay);
    await new Promise<void>((resolve) => relay.listen(port, host, resolve));
    return `http://${host}:${port}`;
  }

  /** As {@link reach}, under the name that browsers hold to be secure: camera and microphone want that. @returns its origin */
  async reachSecurely(origin: string): Promise<string> {
    const { hostname, port } = new URL(await this.reach(origin));
    const args = ['netns', 'exec', NAME, process.execPath, '-e', RELAY, hostname, port];
    const relay = spawn('ip', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#programs.push(relay);
    await once(relay.stdout, 'data');
    return `http://localhost:${port}`;
  }

  /** A program that runs the given one inside. */
  wrap(program: string): string {
    const script = path.join(this.#folder, path.basename(program));
    writeFileSync(script, `#!/bin/sh\nexec ip netns exec ${NAME} '${program}' "$@"\n`, { mode: 0o755 });
    return script;
  }

  /** Nothing passes any more, in either direction. */
  block(link: Link): Promise<void> {
    // A bucket of one byte holds no packet.
    return shape(link, ['tbf', 'rate', '8bit', 'burst', '1', 'limit', '1']);
  }

  /** At most so much passes, in each direction; a second's worth waits, as in the buffers of a mobile network, and more is lost. */
  rate(link: Link, kilobits: number): Promise<void> {
    return shape(link, ['tbf', 'rate', `${kilobits}kbit`, 'burst', '4000', 'latency', '1s']);
  }

  /** Of what passes, so many in a hundred packets are lost by chance, in each direction; none at 0. */
  async lose(link: Link, percent: number): Promise<void> {
    const { device } = LINKS[link];
    await filter('-F');
    if (percent === 0) return;
    const chance = [
      '-m',
      'statistic',
      '--mode',
      'random',
      '--probability',
      String(percent / 100),
      '-j',
      'DROP',
    ];
    await filter('-A', 'INPUT', '-i', device, ...chance);
    await filter('-A', 'OUTPUT', '-o', device, ...chance);
  }

  async unblock(link: Link): Promise<void> {
    const { device } = LINKS[link];
    const args = ['qdisc', 'delete', 'dev', device, 'root'];
    await Promise.all([run('tc', args), within('tc', args)]);
  }

  async remove(): Promise<void> {
    for (const relay of this.#relays) relay.close();
    for (const program of this.#programs) program.kill();
    await run('ip', ['netns', 'delete', NAME]);
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

async function shape(link: Link, discipline: string[]): Promise<void> {
  const args = ['qdisc', 'replace', 'dev', LINKS[link].device, 'root', ...discipline];
  await Promise.all([run('tc', args), within('tc', args)]);
}

/** The inside's own firewall. */
async function filter(...args: string[]): Promise<void> {
  const tree = await debianPackages('iptables');
  const XTABLES_LIBDIR = path.join(tree.root, 'usr/lib/x86_64-linux-gnu/xtables');
  await run('ip', ['netns', 'exec', NAME, tree.program('iptables-legacy'), ...args], {
    env: { ...process.env, ...tree.env, XTABLES_LIBDIR },
  });
}

const within = (program: string, args: string[]) => run('ip', ['netns', 'exec', NAME, program, ...args]);
