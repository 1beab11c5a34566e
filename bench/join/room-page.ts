// A thin viewer of a lecture room, to be bundled for a page of the portal's origin.
import type { JoinTicket } from '@yike/contracts/http/broadcasts';
import type {
  ConsumerOptions,
  JoinedRoom,
  PortalToMedia,
  Reply,
  TransportOptions,
} from '@yike/contracts/signaling/room';
import { Device, type types } from 'mediasoup-client';
import { io, type Socket } from 'socket.io-client';
import { firstFrame } from './first-frame.ts';

type Room = Socket<Record<string, never>, PortalToMedia>;

/** Everything that a page does between Play and the first decoded picture: ticket, socket, room, transport, media. @returns ms */
async function join(broadcastId: string): Promise<number> {
  const startedAt = performance.now();
  const admitted = await fetch(`/api/broadcasts/${broadcastId}/join`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ as: 'viewer' }),
  });
  if (!admitted.ok) throw new Error(`not let in: ${admitted.status} ${await admitted.text()}`);
  const ticket = (await admitted.json()) as JoinTicket;
  const socket: Room = io(ticket.origin ?? '', {
    path: ticket.socketPath,
    auth: { token: ticket.token },
    forceNew: true,
    transports: ['websocket'],
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', reject);
  });
  const room = await ask<JoinedRoom>(socket, 'room:join', {});
  const device = new Device();
  await device.load({ routerRtpCapabilities: room.routerRtpCapabilities });
  // The contract passes mediasoup's own shapes through.
  const options = await ask<TransportOptions>(socket, 'transport:create', { direction: 'receive' });
  const transport = device.createRecvTransport(options as unknown as types.TransportOptions);
  transport.on('connect', ({ dtlsParameters }, done, failed) => {
    ask(socket, 'transport:connect', { transportId: transport.id, dtlsParameters }).then(
      () => done(),
      failed,
    );
  });
  const offered = await ask<ConsumerOptions[]>(socket, 'consumer:create-all', {
    transportId: transport.id,
    rtpCapabilities: device.recvRtpCapabilities,
  });
  const consumers = await Promise.all(
    offered.map((each) => transport.consume(each as unknown as types.ConsumerOptions)),
  );
  const picture = consumers.find(({ kind }) => kind === 'video');
  if (picture === undefined) throw new Error('there is no picture');
  const seen = firstFrame(picture.track);
  await Promise.all(offered.map(({ id }) => ask(socket, 'consumer:resume', { consumerId: id })));
  const tookMs = (await seen) - startedAt;
  transport.close();
  socket.close();
  return tookMs;
}

async function ask<T>(socket: Room, event: keyof PortalToMedia, request: object): Promise<T> {
  // The contract's own pairs of request and answer are said by the caller.
  const emit = socket.emitWithAck.bind(socket) as unknown as (
    event: string,
    request: object,
  ) => Promise<Reply<T>>;
  const reply = await emit(event, request);
  if (!reply.ok) throw new Error(`${event}: ${reply.problem.code}`);
  return reply.value;
}

Object.assign(globalThis, { joinOnce: join });
