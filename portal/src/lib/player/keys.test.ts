import { expect, it } from 'vitest';
import { commandOf } from './keys.ts';

it.each([
  { key: ' ', on: 'section', does: 'toggle' },
  { key: 'M', on: 'section', does: 'mute' },
  { key: 'f', on: 'button', does: 'fullscreen' },
  { key: 'C', on: 'section', does: 'captions' },
  { key: 'ArrowLeft', on: 'video', does: 'seek' },
  { key: 'ArrowUp', on: 'button', does: 'volume' },
  { key: ' ', on: 'button', does: undefined },
  { key: 'ArrowRight', on: 'input', does: undefined },
  { key: ' ', on: 'input', does: 'toggle' },
  { key: 'm', on: 'select', does: undefined },
  { key: 'f', on: 'textarea', does: undefined },
  { key: 'x', on: 'section', does: undefined },
])('"$key" on $on asks for $does', ({ key, on, does }) =>
  expect(commandOf({ key, on, withModifier: false })?.does).toBe(does),
);

it('leaves combinations to the browser', () => {
  expect(commandOf({ key: 'f', on: 'section', withModifier: true })).toBeUndefined();
});
