declare module 'virtual:look' {
  const look: import('./look').Look;
  export default look;
}
declare module 'virtual:look.css';
