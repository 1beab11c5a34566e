import { Injectable } from '@nestjs/common';
import type { PlaybackId } from '@yike/contracts/ids';
import type { SegmentProof } from '@yike/contracts/realtime/viewing';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import { SegmentIndex } from '../timelines/segment-index.ts';
import { EvidenceRepository } from './evidence.repository.ts';
import type { Playback } from './playbacks.repository.ts';

type ProvingPlayback = Pick<Playback, 'id' | 'lineageId' | 'mode'>;

interface ClaimedProof extends SegmentProof {
  readonly playback: ProvingPlayback;
}

/**
 * Compares the hashes that players send with the manifests'. A live player has a segment before storage has confirmed it: such proofs
 * wait until the index knows the segment.
 */
@Injectable()
export class Proofs {
  constructor(
    private readonly evidence: EvidenceRepository,
    private readonly segments: SegmentIndex,
  ) {}

  /** Keeps the proofs whose hash is the manifest's; others prove nothing. */
  async take(claimed: readonly ClaimedProof[], tx: Tx): Promise<void> {
    const early = await this.#compare(claimed, tx);
    const ofLive = early.filter(({ playback }) => playback.mode === 'll-hls');
    await this.evidence.keepEarly(
      ofLive.map(({ playback, segment, sha256 }) => ({ playbackId: playback.id, segment, sha256 })),
      tx,
    );
  }

  /** Compares what came too early and is known by now. */
  async settleEarly(playbacks: readonly ProvingPlayback[], tx: Tx): Promise<void> {
    const live = new Map<PlaybackId, ProvingPlayback>(
      playbacks.filter(({ mode }) => mode === 'll-hls').map((playback) => [playback.id, playback]),
    );
    if (live.size === 0) return;
    const waiting = await this.evidence.early([...live.keys()], tx);
    const claimed = waiting.flatMap(({ playbackId, ...proof }) => {
      const playback = live.get(playbackId);
      return playback === undefined ? [] : [{ playback, ...proof }];
    });
    const early = new Set(await this.#compare(claimed, tx));
    const settled = claimed.filter((proof) => !early.has(proof));
    await this.evidence.forgetEarly(
      settled.map(({ playback, segment }) => ({ playbackId: playback.id, segment })),
      tx,
    );
  }

  /** Writes down what is right. Gives those whose segments the index does not know. */
  async #compare(claimed: readonly ClaimedProof[], tx: Tx): Promise<ClaimedProof[]> {
    const unknown: ClaimedProof[] = [];
    for (const [lineageId, ofLineage] of Map.groupBy(claimed, ({ playback }) => playback.lineageId)) {
      const names = ofLineage.map(({ segment }) => segment);
      const known = await this.segments.find(lineageId, names, tx);
      unknown.push(...ofLineage.filter(({ segment }) => !known.has(segment)));
      const proven = ofLineage.flatMap(({ playback, segment, sha256 }) => {
        const found = known.get(segment);
        if (found?.sha256 !== sha256) return [];
        return [{ playbackId: playback.id, segment, media: { fromMs: found.startMs, toMs: found.endMs } }];
      });
      await this.evidence.prove(proven, tx);
    }
    return unknown;
  }
}
