import chromium from '@sparticuz/chromium';
import { type Browser, chromium as playwright } from 'playwright-core';
import { fontEnvironment } from './fonts.ts';
import type { SeparateNetwork } from './network.ts';

export interface BrowserOptions {
  /** A Y4M or MJPEG file that the fake camera plays in a loop; without it the camera shows Chromium's own moving disc. */
  readonly cameraFile?: string;
  /** A WAV file that the fake microphone plays in a loop; without it the microphone beeps. */
  readonly microphoneFile?: string;
  /** Where it runs, if not in this machine's own network. */
  readonly network?: SeparateNetwork;
  /** Further switches of Chromium. */
  readonly switches?: readonly string[];
}

/**
 * Starts the Chromium that came by npm, with a fake camera and microphone that are granted without asking, sound and
 * H.264 without a press of a button, timers that run in covered windows, and a Chinese font.
 */
export async function launchBrowser(options: BrowserOptions = {}): Promise<Browser> {
  const program = await chromium.executablePath();
  return playwright.launch({
    executablePath: options.network?.wrap(program) ?? program,
    env: { ...environment(), ...fontEnvironment() },
    // Tests also run as root and in containers, where Chromium's sandbox cannot be made.
    chromiumSandbox: false,
    args: [
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
      ...(options.cameraFile === undefined
        ? []
        : [`--use-file-for-fake-video-capture=${options.cameraFile}`]),
      ...(options.microphoneFile === undefined
        ? []
        : [`--use-file-for-fake-audio-capture=${options.microphoneFile}`]),
      '--autoplay-policy=no-user-gesture-required',
      '--disable-background-timer-throttling',
      '--disable-backgrounding-occluded-windows',
      '--disable-renderer-backgrounding',
      ...(options.switches ?? []),
    ],
  });
}

/** The sizes at which every page is looked at. */
export const PHONE = { width: 390, height: 844 } as const;
export const DESKTOP = { width: 1440, height: 900 } as const;

/** This process's environment without what is unset. */
function environment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
