// The library of WebRTC, 30 kB: this file is fetched where it is needed, and no sooner.
import { detectDevice, Device } from 'mediasoup-client';
import { Chrome111 } from 'mediasoup-client/handlers/Chrome111';
import { Chrome74 } from 'mediasoup-client/handlers/Chrome74';
import { Firefox120 } from 'mediasoup-client/handlers/Firefox120';
import { Safari12 } from 'mediasoup-client/handlers/Safari12';

const HANDLERS = { Chrome111, Chrome74, Firefox120, Safari12 };

/**
 * A device to be loaded, for which the browser has said already what it can: that takes it some 20 ms, in which others may be asked.
 * @throws Error for a browser that the library does not know
 */
export async function prepareDevice(): Promise<Device> {
  const name = detectDevice();
  if (name === undefined || name === 'ReactNative106') throw new Error('WebRTC here is of a make unknown');
  const factory = HANDLERS[name].createFactory({});
  const [receives, sends] = await Promise.all([
    factory.getNativeRtpCapabilities({ direction: 'recvonly' }),
    factory.getNativeRtpCapabilities({ direction: 'sendonly' }),
  ]);
  const getNativeRtpCapabilities: typeof factory.getNativeRtpCapabilities = ({ direction }) =>
    Promise.resolve(direction === 'recvonly' ? receives : sends);
  return new Device({ handlerFactory: { ...factory, getNativeRtpCapabilities } });
}
