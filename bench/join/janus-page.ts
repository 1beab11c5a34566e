// The same thin viewer for Janus' streaming plugin over its WebSocket: session, handle, offer, answer, media.
import { firstFrame } from './first-frame.ts';
import { Janus } from './janus-client.ts';
import { type Steps, Stopwatch } from './steps.ts';

/** From nothing to the first decoded picture. */
async function join(url: string, mountpoint: number): Promise<Steps> {
  const watch = new Stopwatch();
  const janus = await Janus.connect(url, 'janus.plugin.streaming');
  watch.note('socket');
  const { jsep } = await janus.ask({ janus: 'message', body: { request: 'watch', id: mountpoint } });
  if (jsep === undefined) throw new Error('Janus offered nothing');
  watch.note('offered');
  const connection = new RTCPeerConnection();
  const picture = new Promise<MediaStreamTrack>((resolve) => {
    connection.ontrack = ({ track }) => {
      if (track.kind === 'video') resolve(track);
    };
  });
  connection.onconnectionstatechange = () => watch.note(connection.connectionState);
  connection.onicecandidate = ({ candidate }) =>
    janus.tell({ janus: 'trickle', candidate: candidate ?? { completed: true } });
  await connection.setRemoteDescription(jsep);
  const seen = picture.then(firstFrame);
  const answer = await connection.createAnswer();
  await connection.setLocalDescription(answer);
  await janus.ask({ janus: 'message', body: { request: 'start' }, jsep: answer });
  const steps = watch.stop(await seen);
  connection.close();
  janus.close();
  return steps;
}

Object.assign(globalThis, { joinOnce: join });
