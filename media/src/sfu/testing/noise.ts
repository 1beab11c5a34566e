/** Random numbers that come again with the same seed (mulberry32): a run that failed can be run once more. */
function noise(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Bad input of all kinds, made of random numbers. */
export class Noise {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = noise(seed);
  }

  below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.below(choices.length)] ?? choices[0];
  }

  bytes(most: number): Buffer<ArrayBuffer> {
    return Buffer.from(Uint8Array.from({ length: this.below(most) }, () => this.below(256)));
  }

  /** A datagram that begins as STUN (RFC 8489), DTLS (RFC 9147), RTP or RTCP (RFC 3550) does, or as nothing at all, and goes on anyhow. */
  datagram(): Buffer<ArrayBuffer> {
    const rest = this.bytes(1300);
    const begin = this.pick([
      Buffer.from([0, 1, 0, this.below(256), 0x21, 0x12, 0xa4, 0x42]),
      Buffer.from([22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, this.below(256), 0, this.below(256), 1]),
      Buffer.from([0x80 | this.below(64), this.below(256), 0, this.below(256)]),
      Buffer.from([0x80, 200 + this.below(8), 0, this.below(16)]),
      Buffer.alloc(0),
    ]);
    return Buffer.concat([begin, rest]);
  }

  /** An SRTP or SRTCP packet of a stream that is known (RFC 3711): a true header, and no bit after it that was ever encrypted with its keys. */
  streamDatagram({ ssrc, payloadType }: { ssrc: number; payloadType: number }): Buffer<ArrayBuffer> {
    const isRtcp = this.below(4) === 0;
    const header = Buffer.alloc(isRtcp ? 8 : 12);
    header[0] = 0x80 | (this.below(4) === 0 ? this.below(64) : 0);
    header[1] = isRtcp ? 200 + this.below(8) : (this.below(2) << 7) | payloadType;
    header.writeUInt16BE(this.below(65_536), 2);
    if (!isRtcp) header.writeUInt32BE(this.below(2 ** 32), 4);
    header.writeUInt32BE(ssrc, isRtcp ? 4 : 8);
    const whole = Buffer.concat([header, this.bytes(1300)]);
    return whole.subarray(0, this.below(8) === 0 ? this.below(whole.length) : whole.length);
  }

  /** Any JSON, deep or flat, with the names and values that hurt careless code. */
  json(depth = 0): unknown {
    const leaf = [
      null,
      true,
      -1,
      0,
      2 ** 53,
      1e308,
      '',
      '../..',
      '\u0000',
      'x'.repeat(this.below(3000)),
    ] as const;
    if (depth > 3 || this.below(3) === 0) return this.pick(leaf);
    if (this.below(2) === 0) return Array.from({ length: this.below(6) }, () => this.json(depth + 1));
    const names = [
      'transportId',
      'kind',
      'rtpParameters',
      'codecs',
      '__proto__',
      'constructor',
      'x',
    ] as const;
    return JSON.parse(
      `{${Array.from({ length: this.below(5) }, () => `"${this.pick(names)}":${JSON.stringify(this.json(depth + 1))}`).join(',')}}`,
    ) as unknown;
  }

  /** What was good, with one of its values spoilt. */
  spoil(content: Record<string, unknown>): Record<string, unknown> {
    const names = Object.keys(content);
    const name = names[this.below(names.length)];
    if (name === undefined) return { x: this.json() };
    const value = content[name];
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    const spoilt =
      isObject && this.below(2) === 0 ? this.spoil(value as Record<string, unknown>) : this.json();
    return { ...content, [name]: spoilt };
  }
}
