import { BoxReader, MalformedBox, type Box } from './boxes.ts';
import { readFragmentHeader, readTrackHeader, type FragmentHeader, type TrackHeader } from './cmaf.ts';

/** What comes out of one track's byte stream: first its init, then fragments (`moof` + `mdat`). */
export type CmafChunk =
  | { readonly type: 'init'; readonly header: TrackHeader; readonly bytes: Uint8Array }
  | { readonly type: 'fragment'; readonly header: FragmentHeader; readonly bytes: Uint8Array };

/** A third of a second of the best picture is far below this. */
const MAX_BOX_BYTES = 16 * 1024 * 1024;

/** Reads ffmpeg's fragmented MP4 with one track, as it comes. Boxes other than those of {@link CmafChunk} are left out. */
export class CmafReader {
  readonly #boxes = new BoxReader(MAX_BOX_BYTES);
  #ftyp: Box | undefined;
  #moof: Box | undefined;
  #track: TrackHeader | undefined;

  /** @throws MalformedBox where the bytes are not such a stream; nothing more can be read then */
  push(bytes: Uint8Array): CmafChunk[] {
    return this.#boxes.push(bytes).flatMap((box) => this.#take(box));
  }

  #take(box: Box): CmafChunk[] {
    switch (box.type) {
      case 'ftyp':
        this.#ftyp = box;
        return [];
      case 'moov':
        this.#track = readTrackHeader(box.body);
        return [{ type: 'init', header: this.#track, bytes: joined(this.#ftyp, box) }];
      case 'moof':
        this.#moof = box;
        return [];
      case 'mdat':
        return [this.#fragment(box)];
      default:
        return [];
    }
  }

  #fragment(mdat: Box): CmafChunk {
    const moof = this.#moof;
    if (moof === undefined || this.#track === undefined) throw new MalformedBox('media before its header');
    this.#moof = undefined;
    const header = readFragmentHeader(moof.body, this.#track);
    return { type: 'fragment', header, bytes: joined(moof, mdat) };
  }
}

function joined(first: Box | undefined, second: Box): Uint8Array {
  if (first === undefined) throw new MalformedBox(`${second.type} stands alone`);
  const bytes = new Uint8Array(first.bytes.length + second.bytes.length);
  bytes.set(first.bytes);
  bytes.set(second.bytes, first.bytes.length);
  return bytes;
}
