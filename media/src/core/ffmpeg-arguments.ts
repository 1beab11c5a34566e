import type { VideoTreatment } from './codecs.ts';

/** File descriptors on which the two tracks come out of ffmpeg. The session description goes in by descriptor 0. */
export const TRACK_PIPES = { video: 1, audio: 3 } as const;

/** The recording's fixed picture; only a transcoded one is ever brought to it. */
const PICTURE = { width: 1280, height: 720 };

const GENERAL = ['-nostdin', '-hide_banner', '-loglevel', 'warning'];

/**
 * A lossy start needs a long look at the streams; retransmissions come up to 254 ms late, and what ffmpeg gives up earlier is
 * broken picture.
 */
const INPUT = [
  ['-protocol_whitelist', 'pipe,udp,rtp'],
  ['-buffer_size', '4194304'],
  ['-analyzeduration', '10000000', '-probesize', '5000000', '-fpsprobesize', '0'],
  ['-max_delay', '500000', '-reorder_queue_size', '512'],
  ['-f', 'sdp', '-i', 'pipe:0'],
].flat();

/** A fragment at each key frame and every third of a second; AAC's priming as an edit list (`delay_moov`). */
const FRAGMENTS = [
  ['-flush_packets', '1', '-f', 'mp4'],
  ['-movflags', '+delay_moov+default_base_moof+frag_keyframe+skip_trailer'],
  ['-frag_duration', '333000'],
].flat();

/**
 * The sound keeps to the clock of its timestamps, from media time 0, to within 10 ms, by silence and cuts. One channel of 48 kbit/s:
 * sound alone must be heard over a line of 64 kbit/s.
 */
const AUDIO = [
  ['-map', '0:a:0', '-c:a', 'aac', '-b:a', '48k', '-ar', '48000', '-ac', '1'],
  ['-af', 'aresample=async=1:min_hard_comp=0.010000:first_pts=0'],
].flat();

const FIT = [
  `scale=${PICTURE.width}:${PICTURE.height}:force_original_aspect_ratio=decrease`,
  `pad=${PICTURE.width}:${PICTURE.height}:-1:-1`,
  'format=yuv420p',
].join(',');

/** The encoder shares out its bits by the frame rate, so it needs a true one: RTP says none. */
const VIDEO: Readonly<Record<VideoTreatment, readonly string[]>> = {
  copy: ['-map', '0:v:0', '-c:v', 'copy'],
  transcode: [
    ['-map', '0:v:0', '-c:v', 'libx264', '-preset', 'veryfast', '-tune', 'zerolatency'],
    ['-profile:v', 'baseline', '-crf', '23', '-maxrate', '2500k', '-bufsize', '5000k'],
    ['-r', '30', '-fps_mode', 'cfr', '-vf', FIT],
    ['-force_key_frames', 'expr:gte(t,n_forced*2)'],
  ].flat(),
};

/** ffmpeg's command line for one epoch: each track a fragmented MP4 of its own on its own pipe, both on one clock. */
export function epochArguments({ video }: { readonly video: VideoTreatment | 'none' }): string[] {
  const videoOutput = video === 'none' ? [] : [...VIDEO[video], ...FRAGMENTS, `pipe:${TRACK_PIPES.video}`];
  return [...GENERAL, ...INPUT, ...videoOutput, ...AUDIO, ...FRAGMENTS, `pipe:${TRACK_PIPES.audio}`];
}
