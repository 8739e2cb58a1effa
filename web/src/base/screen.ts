const phone = matchMedia('(max-width: 720px)');

export const isPhone = (): boolean => phone.matches;
