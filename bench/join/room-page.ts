// A thin viewer of a lecture room, to be bundled for a page of the portal's origin.
import type { JoinTicket } from '@yike/contracts/http/broadcasts';
import type { ConsumerOptions, JoinedRoom, PortalToMedia, Reply } from '@yike/contracts/signaling/room';
import type { types } from 'mediasoup-client';
import { io, type Socket } from 'socket.io-client';
import { prepareDevice } from '../../portal/src/lib/live/device.ts';
import { firstFrame } from './first-frame.ts';
import { type Steps, Stopwatch } from './steps.ts';

type Room = Socket<Record<string, never>, PortalToMedia>;

/** Everything that a page of the portal does between Play and the first decoded picture: ticket, socket, room, media. */
async function join(broadcastId: string): Promise<Steps> {
  const watch = new Stopwatch();
  const preparing = prepareDevice();
  const admitted = await fetch(`/api/broadcasts/${broadcastId}/join`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ as: 'viewer' }),
  });
  if (!admitted.ok) throw new Error(`not let in: ${admitted.status} ${await admitted.text()}`);
  const ticket = (await admitted.json()) as JoinTicket;
  watch.note('ticket');
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
  watch.note('socket');
  const room = await ask<JoinedRoom>(socket, 'room:join', { direction: 'receive' });
  watch.note('joined');
  const device = await preparing;
  await device.load({ routerRtpCapabilities: room.routerRtpCapabilities });
  // The contract passes mediasoup's own shapes through.
  const transport = device.createRecvTransport(room.transport as unknown as types.TransportOptions);
  const connected = new Promise<unknown>((resolve, reject) => {
    transport.on('connect', ({ dtlsParameters }, done) => {
      ask(socket, 'transport:connect', { transportId: transport.id, dtlsParameters }).then(resolve, reject);
      done();
    });
  });
  transport.on('connectionstatechange', (state) => watch.note(state));
  const offered = await ask<ConsumerOptions[]>(socket, 'consumer:create-all', {
    transportId: transport.id,
    rtpCapabilities: device.recvRtpCapabilities,
  });
  watch.note('offered');
  const consumers = await Promise.all(
    offered.map((each) => transport.consume(each as unknown as types.ConsumerOptions)),
  );
  const picture = consumers.find(({ kind }) => kind === 'video');
  if (picture === undefined) throw new Error('there is no picture');
  const seen = firstFrame(picture.track);
  await Promise.all([
    connected,
    ...offered.map(({ id }) => ask(socket, 'consumer:resume', { consumerId: id })),
  ]);
  const steps = watch.stop(await seen);
  transport.close();
  socket.close();
  return steps;
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
