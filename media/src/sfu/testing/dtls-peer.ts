import { type ChildProcess, spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WebRtcTransport } from 'mediasoup/types';
import { dyingWithParent } from '../../recording/dies-with-parent.ts';
import { runProgram } from '../../testing/programs.ts';
import { bindingRequest } from './stun.ts';

const HOST = '127.0.0.1';
const CONNECTS_WITHIN_MS = 5_000;
/** RFC 7983: what begins with 20–63 is DTLS. */
const isDtls = (bytes: Buffer): boolean => (bytes[0] ?? 0) >= 20 && (bytes[0] ?? 0) < 64;

/**
 * A peer without a browser: ICE by hand, DTLS by OpenSSL's own client behind a relay. Once it is connected, whatever it sends comes from the
 * address that the transport has chosen.
 */
export class DtlsPeer {
  readonly #socket: Socket;
  readonly #openssl: ChildProcess;
  readonly #inner: Socket;
  readonly #folder: string;
  readonly #port: number;

  private constructor(
    sockets: { outer: Socket; inner: Socket },
    openssl: ChildProcess,
    folder: string,
    port: number,
  ) {
    this.#socket = sockets.outer;
    this.#inner = sockets.inner;
    this.#openssl = openssl;
    this.#folder = folder;
    this.#port = port;
  }

  /** Resolves when DTLS is connected, keys for SRTP included. @throws Error where it is not in time */
  static async connect(transport: WebRtcTransport): Promise<DtlsPeer> {
    const folder = mkdtempSync(path.join(tmpdir(), 'dtls-peer-'));
    const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    await runProgram('openssl', [
      ...['req', '-x509', ...curve, '-keyout', key, '-out', cert, '-days', '2', '-subj', '/CN=peer'],
    ]);
    const value = new X509Certificate(readFileSync(cert)).fingerprint256;
    await transport.connect({
      dtlsParameters: { role: 'client', fingerprints: [{ algorithm: 'sha-256', value }] },
    });

    const port = transport.iceCandidates.find(({ protocol }) => protocol === 'udp')?.port ?? 0;
    const [outer, inner] = [createSocket('udp4'), createSocket('udp4')];
    for (const socket of [outer, inner]) {
      socket.bind(0, HOST);
      await once(socket, 'listening');
    }
    let client: number | undefined;
    inner.on('message', (bytes, from) => {
      client = from.port;
      outer.send(bytes, port, HOST);
    });
    outer.on('message', (bytes) => {
      if (client !== undefined && isDtls(bytes)) inner.send(bytes, client, HOST);
    });
    outer.send(bindingRequest({ ...transport.iceParameters }), port, HOST);
    const openssl = spawn(
      ...dyingWithParent('openssl', [
        ...['s_client', '-quiet', '-dtls1_2', '-connect', `${HOST}:${inner.address().port}`],
        ...['-cert', cert, '-key', key, '-use_srtp', 'SRTP_AES128_CM_SHA1_80'],
      ]),
      { stdio: ['pipe', 'ignore', 'ignore'] },
    );
    const peer = new DtlsPeer({ outer, inner }, openssl, folder, port);
    const until = Date.now() + CONNECTS_WITHIN_MS;
    while (transport.dtlsState !== 'connected') {
      if (Date.now() > until) {
        peer.close();
        throw new Error(`DTLS is ${transport.dtlsState}, ICE ${transport.iceState}`);
      }
      await sleep(20);
    }
    return peer;
  }

  /** Sends whatever it is, from the address that the transport trusts. */
  send(datagram: Uint8Array): void {
    this.#socket.send(datagram, this.#port, HOST);
  }

  close(): void {
    this.#openssl.kill('SIGKILL');
    this.#socket.close();
    this.#inner.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
