import { MediaQuery } from 'svelte/reactivity';

const phone = new MediaQuery('(max-width: 720px)');

/** Reactive: an effect or a template that calls it follows the width of the window. */
export const isPhone = (): boolean => phone.current;
