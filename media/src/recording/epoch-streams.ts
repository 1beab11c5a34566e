import type { Consumer, PlainTransport, Producer, Router, RtpCapabilities } from 'mediasoup/types';
import { videoTraits, type VideoTreatment } from '../core/codecs.ts';
import { LastKeyFrame, OpusSilence } from '../core/fillers.ts';
import type { SdpStream } from '../core/sdp.ts';
import type { Filler } from '../core/stream-keeper.ts';

/** What is recorded in one epoch; it never changes within the epoch. At least one of them. */
export interface EpochProducers {
  readonly video?: Producer | undefined;
  readonly audio?: Producer | undefined;
}

/** A stream of an epoch: how ffmpeg shall see it (but for its port), and what stands in for it while it is silent. */
export interface EpochStream {
  readonly ssrc: number;
  readonly sdp: Omit<SdpStream, 'port'>;
  readonly filler: Filler;
  readonly treatment?: VideoTreatment;
}

/** The silent stream's, where nobody sends sound; mediasoup's own are random 32-bit numbers. */
const SILENCE = { ssrc: 1, payloadType: 100 };

/** Consumes a producer, paused, towards the recorder: no retransmission, no extensions, key frames on request. */
export async function consumeForRecording(
  transport: PlainTransport,
  router: Router,
  producer: Producer,
): Promise<Consumer> {
  return transport.consume({
    producerId: producer.id,
    rtpCapabilities: plainCapabilities(router, producer.kind),
    paused: true,
  });
}

function plainCapabilities(router: Router, kind: Producer['kind']): RtpCapabilities {
  const codecs = (router.rtpCapabilities.codecs ?? [])
    .filter((codec) => codec.kind === kind && !codec.mimeType.endsWith('/rtx'))
    .map((codec) => ({
      ...codec,
      rtcpFeedback:
        codec.rtcpFeedback?.filter(({ type, parameter }) => type === 'nack' && parameter === 'pli') ?? [],
    }));
  return { codecs, headerExtensions: [] };
}

/** The stream that this consumer sends. @throws Error for a codec that no recorder of ours knows */
export function streamOf(consumer: Consumer): EpochStream {
  const [codec] = consumer.rtpParameters.codecs;
  const ssrc = consumer.rtpParameters.encodings?.[0]?.ssrc;
  if (codec === undefined || ssrc === undefined) throw new Error('the consumer sends nothing');
  const { payloadType, mimeType, clockRate, channels, parameters = {} } = codec;
  const sdp = { kind: consumer.kind, payloadType, mimeType, clockRate, channels, parameters };
  if (consumer.kind === 'audio') return { ssrc, sdp, filler: new OpusSilence({ ssrc, payloadType }) };
  const traits = videoTraits(mimeType);
  if (traits === undefined) throw new Error(`${mimeType} cannot be recorded`);
  return { ssrc, sdp, filler: new LastKeyFrame(traits.startsKeyFrame), treatment: traits.treatment };
}

/** A stream of silence, for an epoch in which nobody sends sound. */
export function silentStream(): EpochStream {
  const { ssrc, payloadType } = SILENCE;
  const sdp = {
    kind: 'audio' as const,
    payloadType,
    mimeType: 'audio/opus',
    clockRate: 48_000,
    channels: 2,
    parameters: {},
  };
  return { ssrc, sdp, filler: new OpusSilence(SILENCE) };
}
