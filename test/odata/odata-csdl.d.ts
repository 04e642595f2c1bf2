declare module 'odata-csdl' {
  const csdl: { xml2json (xml: string, options?: { strict?: boolean, messages?: Array<{ message: string }> }): Record<string, any> }
  export default csdl
}
