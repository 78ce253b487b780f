// Vite imports a file with this ending as text.
declare module '*.md?raw' {
  const text: string;
  export default text;
}
