import { LOOP_SECONDS, type Motif } from './film.ts';

/** The size of the pictures, in pixels, and how many there are a second. */
export const PICTURE = { width: 1280, height: 720, framesPerSecond: 15 } as const;

/** A figure of one colour that sways, and is where it began after each loop. Pixels. */
interface Figure {
  /** How much of a pixel it covers, 0 to 1: an expression of geq's X, Y, W, H. */
  readonly cover: string;
  readonly width: number;
  readonly height: number;
  readonly opacity: number;
  /** The left upper corner: expressions of overlay's t. */
  readonly x: string;
  readonly y: string;
}

/** Once round in a loop. */
const turn = (phase = 0): string => `2*PI*t/${LOOP_SECONDS}+${phase.toFixed(3)}`;
const RADIUS = 'hypot(X-W/2,Y-H/2)';
const soft = (inside: string): string => `clip(${inside}+0.5,0,1)`;

interface Sway {
  readonly at: readonly [x: number, y: number];
  readonly by: readonly [x: number, y: number];
  readonly phase?: number;
}

function round(cover: string, size: number, opacity: number, { at, by, phase = 0 }: Sway): Figure {
  return {
    ...{ cover, opacity, width: size, height: size },
    x: `${at[0] - size / 2}+${by[0]}*cos(${turn(phase)})`,
    y: `${at[1] - size / 2}+${by[1]}*sin(${turn(phase)})`,
  };
}
const disc = (size: number, opacity: number, sway: Sway): Figure =>
  round(soft(`W/2-1-${RADIUS}`), size, opacity, sway);
const ring = (size: number, thick: number, opacity: number, sway: Sway): Figure =>
  round(soft(`${thick / 2}-abs(${RADIUS}-W/2+${thick})`), size, opacity, sway);
const petals = (count: number, size: number, opacity: number, sway: Sway): Figure =>
  round(soft(`(W/2-2)*(0.52+0.46*cos(${count}*atan2(Y-H/2,X-W/2)))-${RADIUS}`), size, opacity, sway);
const square = (size: number, opacity: number, sway: Sway): Figure =>
  round(soft(`W/2-14-max(abs(X-W/2),abs(Y-H/2))`), size, opacity, sway);
/** Two arcs that meet in two tips. */
const leaf = (size: number, opacity: number, sway: Sway): Figure =>
  round(
    soft('min(W*0.78-hypot(X-W*0.1,Y-H*0.1-W*0.12),W*0.78-hypot(X-W*0.9,Y-H*0.9+W*0.12))'),
    size,
    opacity,
    sway,
  );

/** A band with waves on its upper edge that runs one wave's length to the left in a loop. */
function wave(length: number, y: number, opacity: number): Figure {
  const width = PICTURE.width + length;
  return {
    cover: soft(`Y-26-18*sin(2*PI*X/${length})`),
    ...{ width, height: PICTURE.height - y, opacity },
    x: `-${length}*mod(t,${LOOP_SECONDS})/${LOOP_SECONDS}`,
    y: String(y),
  };
}

const MOTIFS: Readonly<Record<Motif, readonly Figure[]>> = {
  sun: [
    disc(300, 0.2, { at: [1010, 380], by: [0, 26] }),
    ring(430, 3, 0.3, { at: [1010, 380], by: [0, 18] }),
    ring(560, 2, 0.2, { at: [1010, 380], by: [0, 10] }),
  ],
  ripples: [
    disc(110, 0.26, { at: [1040, 390], by: [18, 18] }),
    ring(240, 4, 0.3, { at: [1040, 390], by: [14, 14], phase: 0.5 }),
    ring(380, 3, 0.22, { at: [1040, 390], by: [10, 10], phase: 1 }),
    ring(520, 2, 0.16, { at: [1040, 390], by: [6, 6], phase: 1.5 }),
  ],
  waves: [wave(640, 540, 0.14), wave(426, 590, 0.16), disc(170, 0.22, { at: [1110, 430], by: [0, 16] })],
  flower: [
    petals(5, 420, 0.2, { at: [1030, 380], by: [16, 10] }),
    disc(70, 0.34, { at: [1030, 380], by: [16, 10] }),
    petals(5, 150, 0.2, { at: [850, 560], by: [10, 16], phase: 2 }),
  ],
  leaves: [
    leaf(330, 0.22, { at: [1050, 340], by: [20, 12] }),
    leaf(200, 0.18, { at: [860, 520], by: [16, 18], phase: 2 }),
    leaf(130, 0.24, { at: [1170, 560], by: [12, 20], phase: 4 }),
  ],
  balloons: [
    disc(210, 0.24, { at: [1060, 330], by: [10, 22] }),
    disc(140, 0.18, { at: [890, 470], by: [12, 18], phase: 2 }),
    disc(100, 0.3, { at: [1150, 540], by: [8, 20], phase: 4 }),
  ],
  steps: [
    square(150, 0.16, { at: [880, 545], by: [0, 8] }),
    square(150, 0.22, { at: [1010, 455], by: [0, 12], phase: 0.8 }),
    square(150, 0.28, { at: [1140, 365], by: [0, 16], phase: 1.6 }),
  ],
  seal: [
    square(290, 0.18, { at: [1040, 480], by: [8, 12] }),
    ring(200, 6, 0.3, { at: [1040, 480], by: [8, 12] }),
    disc(56, 0.3, { at: [1040, 480], by: [8, 12] }),
  ],
};

/**
 * The filters that lay a motif over the picture `[page]` and give `[out]`. Each figure is drawn once and then held: to move it costs
 * little, to draw it much.
 */
export function motifFilters(motif: Motif, accent: string): string[] {
  const figures = MOTIFS[motif];
  return figures.flatMap(({ cover, width, height, opacity, x, y }, index) => {
    const from = index === 0 ? '[page]' : `[laid${index - 1}]`;
    const to = index === figures.length - 1 ? '[out]' : `[laid${index}]`;
    const drawn = `color=c=${accent}:s=${width}x${height}:r=${PICTURE.framesPerSecond},trim=end_frame=1,format=yuva420p`;
    const masked = `geq=lum='lum(X,Y)':cb='cb(X,Y)':cr='cr(X,Y)':a='${Math.round(255 * opacity)}*${cover}'`;
    return [
      `${drawn},${masked},${HELD}[figure${index}]`,
      `${from}[figure${index}]overlay=x='${x}':y='${y}'${to}`,
    ];
  });
}

/** One picture for a whole loop. */
export const HELD = `loop=loop=-1:size=1,setpts=N/${PICTURE.framesPerSecond}/TB`;
