import type {
  FragmentLoaderConstructor,
  HlsConfig,
  LoaderCallbacks,
  LoaderConfiguration,
  LoaderContext,
} from 'hls.js';
import { mediaNameOf, type NamedMedia } from '#lib/viewing/segment-name.ts';

/** Hears of media whose bytes have arrived; must read the bytes before it returns. */
export type OnMedia = (media: NamedMedia, bytes: ArrayBuffer) => void;

/**
 * hls.js's own loader, with an ear for segments and their parts. It must be here: by the time of `FRAG_LOADED` the bytes have already
 * been handed on to the worker that unpacks them.
 */
export function provingLoader(Base: HlsConfig['loader'], onMedia: OnMedia): FragmentLoaderConstructor {
  class ProvingLoader extends Base {
    override load(
      context: LoaderContext,
      config: LoaderConfiguration,
      callbacks: LoaderCallbacks<LoaderContext>,
    ): void {
      super.load(context, config, {
        ...callbacks,
        onSuccess: (response, ...rest) => {
          const media = mediaNameOf(context.url);
          if (media !== undefined && response.data instanceof ArrayBuffer) onMedia(media, response.data);
          callbacks.onSuccess(response, ...rest);
        },
      });
    }
  }
  // A fragment's context is a loader's context with more in it, which passes through untouched.
  return ProvingLoader as unknown as FragmentLoaderConstructor;
}
