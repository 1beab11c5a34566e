import type { Locale } from '@yike/contracts/http/accounts';

/** Says an important act aloud, in elder mode only; silent where the device has no voice. */
export function speak(sentence: string, { elderMode, locale }: { elderMode: boolean; locale: Locale }): void {
  if (!elderMode || !('speechSynthesis' in window)) return;
  const spoken = new SpeechSynthesisUtterance(sentence);
  spoken.lang = locale;
  spoken.rate = 0.9;
  window.speechSynthesis.cancel();
  window.speechSynthesis.speak(spoken);
}
