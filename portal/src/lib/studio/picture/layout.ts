/** Sizes and places in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}
export interface Box extends Size {
  readonly x: number;
  readonly y: number;
}
/** What of a source goes where on the picture. */
export interface Placement {
  readonly from: Box;
  readonly to: Box;
}

/** The picture that is sent: it never changes its size. */
export const PICTURE: Size = { width: 1280, height: 720 };
export const FRAMES_PER_SECOND = 30;

export type SourceName = 'camera' | 'screen';
/** `camera`: the lecturer; `screen`: the slides; `both`: the slides with the lecturer in the corner. */
export type Scene = SourceName | 'both';

const INSET: Box = { x: 960, y: 540, width: 304, height: 171 };

/** Fills the box, and cuts off what does not fit: for faces. */
export function cover(source: Size, box: Box): Placement {
  const scale = Math.max(box.width / source.width, box.height / source.height);
  const [width, height] = [box.width / scale, box.height / scale];
  const from = { x: (source.width - width) / 2, y: (source.height - height) / 2, width, height };
  return { from, to: box };
}

/** Shows all of the source, with bars where it does not fill the box: for slides, where every word counts. */
export function contain(source: Size, box: Box): Placement {
  const scale = Math.min(box.width / source.width, box.height / source.height);
  const [width, height] = [source.width * scale, source.height * scale];
  const to = { x: box.x + (box.width - width) / 2, y: box.y + (box.height - height) / 2, width, height };
  return { from: { x: 0, y: 0, ...source }, to };
}

export interface Layer {
  readonly source: SourceName;
  readonly fit: (source: Size, box: Box) => Placement;
  readonly box: Box;
}

/** The layers of a scene from back to front. An upright camera (a phone) is shown whole rather than cut to a strip. */
export function layersOf(scene: Scene, camera: Size | undefined): Layer[] {
  const whole: Box = { x: 0, y: 0, ...PICTURE };
  const isUpright = camera !== undefined && camera.height > camera.width;
  const big: Layer = { source: 'camera', fit: isUpright ? contain : cover, box: whole };
  const slides: Layer = { source: 'screen', fit: contain, box: whole };
  if (scene === 'camera') return [big];
  if (scene === 'screen') return [slides];
  return [slides, { source: 'camera', fit: cover, box: INSET }];
}
