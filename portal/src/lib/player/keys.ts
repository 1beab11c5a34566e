export type PlayerCommand =
  | { readonly does: 'toggle' | 'mute' | 'fullscreen' | 'captions' }
  | { readonly does: 'seek'; readonly bySeconds: number }
  | { readonly does: 'volume'; readonly by: number };

const COMMANDS: Readonly<Record<string, PlayerCommand>> = {
  ' ': { does: 'toggle' },
  k: { does: 'toggle' },
  m: { does: 'mute' },
  f: { does: 'fullscreen' },
  c: { does: 'captions' },
  arrowleft: { does: 'seek', bySeconds: -10 },
  arrowright: { does: 'seek', bySeconds: 10 },
  arrowup: { does: 'volume', by: 0.1 },
  arrowdown: { does: 'volume', by: -0.1 },
};

/** The key as pressed, with what else decides whether it is meant for the player. */
export interface PressedKey {
  readonly key: string;
  readonly withModifier: boolean;
  /** Lower-case tag name and role of what has the focus. */
  readonly on: string;
}

/**
 * What a key press inside the player asks for. A focused button keeps its space, a slider or list its arrows, a text
 * field all; combinations belong to the browser.
 */
export function commandOf({ key, withModifier, on }: PressedKey): PlayerCommand | undefined {
  const name = key.toLowerCase();
  if (withModifier || on === 'textarea') return undefined;
  if (on === 'button' || on === 'a') return name === ' ' ? undefined : COMMANDS[name];
  if (on === 'input' || on === 'select')
    return name.startsWith('arrow') || on === 'select' ? undefined : COMMANDS[name];
  return COMMANDS[name];
}
