import type {
  ConsumerOptions,
  Opaque,
  RtpCapabilities as RtpCapabilitiesSchema,
  TransportOptions,
} from '@yike/contracts/signaling/room';
import { validateAndNormalizeRtpCapabilities } from 'mediasoup/ortc';
import type { Consumer, RtpCapabilities, WebRtcTransport } from 'mediasoup/types';
import type { z } from 'zod';

/** mediasoup's objects as they go to the browser: plain JSON whose shape mediasoup defines. */
const opaque = (value: object): Opaque => ({ ...value });

export function toTransportOptions(transport: WebRtcTransport): TransportOptions {
  return {
    id: transport.id,
    iceParameters: opaque(transport.iceParameters),
    iceCandidates: transport.iceCandidates.map(opaque),
    dtlsParameters: opaque(transport.dtlsParameters),
  };
}

export function toConsumerOptions({ id, producerId, kind, rtpParameters }: Consumer): ConsumerOptions {
  return { id, producerId, kind, rtpParameters: opaque(rtpParameters) };
}

/** What a page says it can receive. @throws TypeError by mediasoup for what is no RTP capabilities */
export function readCapabilities(said: z.infer<typeof RtpCapabilitiesSchema>): RtpCapabilities {
  // Just now anything; the next line checks every field and fills in what may be left out.
  const capabilities = structuredClone(said) as RtpCapabilities;
  validateAndNormalizeRtpCapabilities(capabilities);
  return capabilities;
}
