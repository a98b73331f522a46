// The text of a source file, as the bundler gives it: for labs that count lines.
declare module '*?raw' {
  const text: string;
  export default text;
}
