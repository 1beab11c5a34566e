import adapter from '@sveltejs/adapter-node';
import { sveltekit } from '@sveltejs/kit/vite';
import tailwindcss from '@tailwindcss/vite';
import { defaultClientConditions, defaultServerConditions, defineConfig } from 'vite';

/** Contracts are compiled from their sources, so that a build never serves yesterday's schemas. */
const source = 'yike-source';

export default defineConfig({
  plugins: [
    tailwindcss(),
    sveltekit({
      adapter: adapter({ precompress: true }),
      paths: { relative: false },
      // The object store's origin, where it is another one, is added to the header in hooks.server.ts.
      csp: {
        mode: 'auto',
        directives: {
          'default-src': ['self'],
          'script-src': ['self'],
          'style-src': ['self', 'unsafe-inline'],
          'img-src': ['self', 'data:', 'blob:'],
          'media-src': ['self', 'blob:'],
          'connect-src': ['self', 'ws:', 'wss:'],
          'worker-src': ['self', 'blob:'],
          'font-src': ['self'],
          'object-src': ['none'],
          'base-uri': ['self'],
          'form-action': ['self'],
          'frame-ancestors': ['self'],
        },
      },
    }),
  ],
  resolve: { conditions: [source, ...defaultClientConditions] },
  ssr: {
    noExternal: ['@yike/contracts'],
    resolve: { conditions: [source, ...defaultServerConditions] },
  },
});
