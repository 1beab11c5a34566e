import type {
  FragmentLoaderConstructor,
  HlsConfig,
  LoaderCallbacks,
  LoaderConfiguration,
  LoaderContext,
} from 'hls.js';
import { segmentNameOf } from '#lib/viewing/segment-name.ts';

/** Hears of each media segment whose bytes have arrived; must read the bytes before it returns. */
export type OnSegment = (segment: string, bytes: ArrayBuffer) => void;

/**
 * hls.js's own loader, with an ear for whole segments. It must be here: by the time of `FRAG_LOADED` the bytes have
 * already been handed on to the worker that unpacks them.
 */
export function provingLoader(Base: HlsConfig['loader'], onSegment: OnSegment): FragmentLoaderConstructor {
  class ProvingLoader extends Base {
    override load(
      context: LoaderContext,
      config: LoaderConfiguration,
      callbacks: LoaderCallbacks<LoaderContext>,
    ): void {
      super.load(context, config, {
        ...callbacks,
        onSuccess: (response, ...rest) => {
          const segment = segmentNameOf(context.url);
          if (segment !== undefined && response.data instanceof ArrayBuffer)
            onSegment(segment, response.data);
          callbacks.onSuccess(response, ...rest);
        },
      });
    }
  }
  // A fragment's context is a loader's context with more in it, which passes through untouched.
  return ProvingLoader as unknown as FragmentLoaderConstructor;
}
