import type { IceServer } from '@yike/contracts/http/broadcasts';
import { problem } from '@yike/contracts/problem';
import type { JoinedRoom, PortalToMedia, TransportOptions } from '@yike/contracts/signaling/room';
import type { types } from 'mediasoup-client';
import { ApiProblem } from '#lib/api/call.ts';
import type { asker } from './acknowledged.ts';

export type AskRoom = ReturnType<typeof asker<PortalToMedia>>;

/** What a page does in a room once it has joined: it receives, or it sends. */
export interface RoomRole {
  readonly direction: 'send' | 'receive';
  /**
   * After each join, also the ones after a reconnect: keeps what still works and builds what does not.
   * @param relays for a network that lets nothing else through
   */
  joined(ask: AskRoom, room: JoinedRoom, relays: readonly IceServer[]): Promise<void>;
  /** Others began or ceased to publish. */
  producersChanged(): Promise<void>;
  consumerClosed(consumerId: string): void;
  /** Set by the connection: media broke while the socket stands, join again. */
  onBroken: () => void;
  close(): void;
}

/** The library of WebRTC: fetched once. */
export const fetchDevice = (): Promise<typeof import('./device.ts')> => import('./device.ts');

/** A device that is being made ready, while others are asked whether this page may come in. Whoever loads it hears of its failure. */
export function deviceAhead(): Promise<types.Device> {
  const device = makeDevice();
  device.catch(() => undefined);
  return device;
}

/**
 * A device that knows the router's codecs.
 * @param ahead what was begun before; where it failed, it is tried again: the library may not have come
 * @throws {ApiProblem} `codec-not-supported` for a browser that the library does not know
 */
export async function loadDevice(room: JoinedRoom, ahead: Promise<types.Device>): Promise<types.Device> {
  const device = await ahead.catch(makeDevice);
  if (!device.loaded) await device.load({ routerRtpCapabilities: room.routerRtpCapabilities });
  return device;
}

/** @throws {ApiProblem} as {@link loadDevice} */
async function makeDevice(): Promise<types.Device> {
  const { prepareDevice } = await fetchDevice();
  return prepareDevice().catch((cause: unknown) => {
    throw new ApiProblem(problem('codec-not-supported'), { cause });
  });
}

/** The contract passes mediasoup's own shapes through without repeating them. */
export const toTransportOptions = (
  options: TransportOptions,
  relays: readonly IceServer[],
): types.TransportOptions => ({
  ...(options as unknown as types.TransportOptions),
  iceServers: [...relays],
});

/** Short breaks heal by themselves (ICE finds its way again); after this the transport is made anew. */
const HEALS_WITHIN_MS = 4_000;

/** Connects a transport by signaling, and tells once when its media broke for good. */
export function wireTransport(transport: types.Transport, ask: () => AskRoom, broken: () => void): void {
  transport.on('connect', ({ dtlsParameters }, done) => {
    ask()('transport:connect', { transportId: transport.id, dtlsParameters }).catch((cause: unknown) => {
      console.info('the transport was not connected', cause);
      broken();
    });
    // Not waited for: ICE finds its way meanwhile, and the node does in order what it is asked.
    done();
  });
  let healing: ReturnType<typeof setTimeout> | undefined;
  transport.on('connectionstatechange', (state) => {
    clearTimeout(healing);
    if (state === 'failed') broken();
    if (state === 'disconnected') healing = setTimeout(broken, HEALS_WITHIN_MS);
  });
}

/** Whether it may still carry media, or begin to. */
export function isUsable(transport: types.Transport | undefined): transport is types.Transport {
  return (
    transport !== undefined &&
    !transport.closed &&
    !['failed', 'disconnected'].includes(transport.connectionState)
  );
}
