import type { Component } from 'svelte';
import type { LucideProps } from '@lucide/svelte';

/** One picture of the icon set, imported by itself: `import House from '@lucide/svelte/icons/house'`. */
export type IconComponent = Component<LucideProps>;
