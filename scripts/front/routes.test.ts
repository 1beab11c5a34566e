import { expect, it } from 'vitest';
import { backendFor } from './routes.ts';

it.each([
  { url: '/', backend: 'api' },
  { url: '/api/lectures', backend: 'api' },
  { url: '/api/socket.io/?EIO=4&transport=websocket', backend: 'api' },
  { url: '/playback/abc/index.m3u8', backend: 'api' },
  { url: '/media/local/socket.io/?EIO=4', backend: 'media' },
  { url: '/media/local/', backend: 'media' },
  { url: '/media/local', backend: 'api' },
  { url: '/media/', backend: 'api' },
  { url: '/media//socket.io', backend: 'api' },
  { url: '/media/..%2flocal/x', backend: 'api' },
  { url: '/yike/recordings/1/0/video/1?X-Amz-Signature=0', backend: 's3' },
  { url: '/yike/课程.mp4', backend: 's3' },
  { url: '/yike', backend: 'api' },
  { url: '/yikes/a', backend: 'api' },
  { url: '*', backend: 'api' },
  { url: 'http://elsewhere/yike/a', backend: 'api' },
])('$url > $backend', ({ url, backend }) => expect(backendFor(url, 'yike')).toBe(backend));
