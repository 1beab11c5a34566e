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
      // In the page itself, which is seen as soon as it comes: on a thin line a file of styles stands in a queue of scripts.
      inlineStyleThreshold: 50_000,
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
  build: {
    rolldownOptions: {
      output: {
        // What nearly every page needs is one file: each request more costs a thin line a third of a second.
        codeSplitting: { groups: [{ name: 'base', minShareCount: 6 }] },
      },
    },
  },
  resolve: { conditions: [source, ...defaultClientConditions] },
  ssr: {
    noExternal: ['@yike/contracts'],
    resolve: { conditions: [source, ...defaultServerConditions] },
  },
});
