import { paintCard, type TitleCard } from './title-card.ts';
import { type Box, layersOf, type Placement, PICTURE, type Scene, type SourceName } from './layout.ts';

/** Anything a canvas can draw, with its size. */
export interface Still {
  readonly image: CanvasImageSource;
  readonly width: number;
  readonly height: number;
}
type Surface = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** The wall behind the lecturer while a source has not delivered yet, and the bars beside slides. */
const BACKDROP = '#14130f';
const INSET_EDGE = '#f5f2ea';

/** What a frame is drawn from: the last picture of each source, and the card for when there is none. */
export interface Scenery {
  readonly scene: Scene;
  readonly stills: ReadonlyMap<SourceName, Still>;
  readonly card: TitleCard;
}

/** Draws one frame. */
export function paint(surface: Surface, { scene, stills, card }: Scenery): void {
  surface.fillStyle = BACKDROP;
  surface.fillRect(0, 0, PICTURE.width, PICTURE.height);
  const layers = layersOf(scene, stills.get('camera'));
  if (!layers.some(({ source }) => stills.has(source))) paintCard(surface, card);
  layers.forEach((layer, depth) => {
    const still = stills.get(layer.source);
    if (still === undefined) return;
    if (depth > 0) edge(surface, layer.box);
    drawPlaced(surface, still.image, layer.fit(still, layer.box));
  });
}

function edge(surface: Surface, { x, y, width, height }: Box): void {
  surface.fillStyle = INSET_EDGE;
  surface.fillRect(x - 3, y - 3, width + 6, height + 6);
}

function drawPlaced(surface: Surface, image: CanvasImageSource, { from, to }: Placement): void {
  surface.drawImage(image, from.x, from.y, from.width, from.height, to.x, to.y, to.width, to.height);
}
