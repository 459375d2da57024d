export { type AddressKind, addressKind } from './address.ts'
export { answerFailure } from './answer.ts'
export type { HttpAnswer } from './answer-body.ts'
export { AuthoritiesUnusable, readAuthorities } from './authorities.ts'
export { createHttpClient, type HttpAsk, type HttpClient, type HttpClientOptions } from './client.ts'
export {
  AddressRefused,
  AnswerCut,
  AnswerMalformed,
  AnswerTooLarge,
  HostResting,
  HostSilent,
  HostUnreachable,
  TooManyRedirects,
  UrlUnusable,
} from './client-failures.ts'
export { createDeadline, type Deadline } from './deadline.ts'
export type { Proxies, Timeouts } from './exchange.ts'
export { BodyTooLarge, CannotListen, ClientGone, isClientGone, SourceBroken } from './failures.ts'
export { createGuard } from './guard.ts'
export type { HttpAddress, HttpListen } from './listen.ts'
export { bodyChunks, readBody } from './read-body.ts'
export { requestId } from './request-id.ts'
export { sendSource } from './send-source.ts'
export { type HttpHandler, type HttpOptions, type HttpServer, serveHttp } from './serve.ts'
export { type TlsFiles, TlsUnusable } from './tls-files.ts'
