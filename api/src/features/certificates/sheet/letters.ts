import { fileURLToPath } from 'node:url';

/** The faces of a sheet. They have 30,000 signs, Chinese and Latin; a PDF takes with it those that it shows. */
export const FACES = {
  plain: fileURLToPath(
    import.meta.resolve('@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf'),
  ),
  bold: fileURLToPath(import.meta.resolve('@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf')),
} as const;

/** Printers' 〓, which stands for a sign that the case does not hold. */
const MISSING = '〓';

/** A text as the face can set it, and the code points for which 〓 stands, in order. */
export interface SetText {
  readonly text: string;
  readonly missing: readonly string[];
}

/**
 * Replaces what the face lacks (the rarest signs of names) by 〓, so that nothing is left out unseen.
 * @param hasGlyph whether the face has this code point
 */
export function setInType(text: string, hasGlyph: (codePoint: number) => boolean): SetText {
  const missing: string[] = [];
  const set = Array.from(text.normalize('NFC'), (sign) => {
    const codePoint = sign.codePointAt(0) ?? 0;
    if (hasGlyph(codePoint)) return sign;
    missing.push(`U+${codePoint.toString(16).toUpperCase()}`);
    return MISSING;
  });
  return { text: set.join(''), missing };
}
