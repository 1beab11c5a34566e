import { Injectable } from '@nestjs/common';
import type { PlaybackId } from '@yike/contracts/ids';
import type { Claim } from '../../domain/claims.ts';
import type { DeliveryEvidence, LiveHlsEvidence } from '../../domain/delivery.ts';
import { type Interval, widen } from '../../domain/intervals.ts';
import { seamNames } from '../../domain/seams.ts';
import { VIEWING } from '../../domain/viewing-rules.ts';
import type { Tx } from '../../platform/database/unit-of-work.ts';
import { SegmentIndex } from '../timelines/segment-index.ts';
import { EvidenceRepository, type NamedSegment } from './evidence.repository.ts';
import type { Playback } from './playbacks.repository.ts';
import { Proofs } from './proofs.service.ts';

/** A claim may lie wholly in a seam, and the run that vouches for the seam wholly outside of the claim. */
const SEAM_REACH_MS = VIEWING.longestSegmentMs + VIEWING.seamRunMs;

interface Claims {
  readonly playback: Playback;
  readonly claims: readonly Claim[];
}

/** Loads what is known of the bytes that reached viewers, each session by the kind of evidence that its way of watching has. */
@Injectable()
export class SessionEvidence {
  constructor(
    private readonly evidence: EvidenceRepository,
    private readonly proofs: Proofs,
    private readonly segments: SegmentIndex,
  ) {}

  /** As far as the sessions' claims reach. */
  async load(sessions: readonly Claims[], tx: Tx): Promise<Map<PlaybackId, DeliveryEvidence>> {
    const byMode = Map.groupBy(sessions, ({ playback }) => evidenceKind(playback));
    const [live, webrtc, recorded] = [byMode.get('ll-hls'), byMode.get('webrtc'), byMode.get('hls')];
    return new Map([
      ...(await this.#ofLive(live ?? [], tx)),
      ...(await this.#ofWebrtc(webrtc ?? [], tx)),
      ...(await this.#ofRecorded(recorded ?? [], tx)),
    ]);
  }

  async #ofWebrtc(sessions: readonly Claims[], tx: Tx): Promise<[PlaybackId, DeliveryEvidence][]> {
    const delivered = await this.evidence.windows(idsOf(sessions), tx);
    return sessions.map(({ playback: { id } }) => [
      id,
      { by: 'webrtc', windows: delivered.get(id)?.bytes ?? [] },
    ]);
  }

  async #ofRecorded(sessions: readonly Claims[], tx: Tx): Promise<[PlaybackId, DeliveryEvidence][]> {
    const wanted = sessions.flatMap((session) => mediaOf(session, 0));
    const segments = await this.evidence.segments(wanted, tx);
    return sessions.map(({ playback: { id } }) => [id, { by: 'hls', segments: segments.get(id) ?? [] }]);
  }

  async #ofLive(sessions: readonly Claims[], tx: Tx): Promise<[PlaybackId, LiveHlsEvidence][]> {
    if (sessions.length === 0) return [];
    await this.proofs.settleEarly(
      sessions.map(({ playback }) => playback),
      tx,
    );
    const delivered = await this.evidence.windows(idsOf(sessions), tx);
    const wanted = sessions.flatMap((session) => mediaOf(session, SEAM_REACH_MS));
    const proven = Map.groupBy(await this.evidence.proven(wanted, tx), ({ playbackId }) => playbackId);
    const seams = await this.#seams(sessions, proven, tx);
    return sessions.map(({ playback: { id } }) => [
      id,
      {
        by: 'll-hls',
        bytes: delivered.get(id)?.bytes ?? [],
        reloads: delivered.get(id)?.reloads ?? [],
        proven: (proven.get(id) ?? []).map(({ media }) => media),
        seams: seams.get(id) ?? [],
      },
    ]);
  }

  async #seams(
    sessions: readonly Claims[],
    proven: ReadonlyMap<PlaybackId, readonly NamedSegment[]>,
    tx: Tx,
  ): Promise<Map<PlaybackId, Interval[]>> {
    const seams = new Map<PlaybackId, Interval[]>();
    for (const [lineageId, ofLineage] of Map.groupBy(sessions, ({ playback }) => playback.lineageId)) {
      const wanted = ofLineage.map(({ playback: { id } }) => ({
        id,
        names: seamNames(proven.get(id) ?? [], VIEWING),
      }));
      const known = await this.segments.find(
        lineageId,
        wanted.flatMap(({ names }) => names),
        tx,
      );
      for (const { id, names } of wanted) {
        const found = names.flatMap((name) => known.get(name) ?? []);
        const media = found.map(({ startMs, endMs }) => ({ fromMs: startMs, toMs: endMs }));
        seams.set(id, media);
      }
    }
    return seams;
  }
}

const evidenceKind = ({ mode }: Playback): DeliveryEvidence['by'] => (mode === 'hls-live' ? 'hls' : mode);

const idsOf = (sessions: readonly Claims[]): PlaybackId[] => sessions.map(({ playback }) => playback.id);

/** The media that a session's claims name, and so much more at both ends. */
function mediaOf(
  { playback, claims }: Claims,
  moreMs: number,
): { playbackId: PlaybackId; media: Interval }[] {
  const media = claims.flatMap((claim) => (claim.did === 'played' ? [claim.media] : []));
  if (media.length === 0) return [];
  const fromMs = media.reduce((least, part) => Math.min(least, part.fromMs), Infinity);
  const toMs = media.reduce((most, part) => Math.max(most, part.toMs), 0);
  return widen([{ fromMs, toMs: toMs + 1 }], moreMs).map((part) => ({
    playbackId: playback.id,
    media: part,
  }));
}
