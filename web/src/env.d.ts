declare module 'virtual:look' {
  const look: import('./look/look').Look;
  export default look;
}
declare module 'virtual:look.css';
declare module 'virtual:pictograms' {
  const pictograms: Record<string, string> & { square: string };
  export default pictograms;
}
