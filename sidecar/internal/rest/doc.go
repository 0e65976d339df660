// SPDX-License-Identifier: Apache-2.0

// Package rest serves the scalar functions to PrestoDB's REST function manager: PrestoDB reads the list of functions,
// and sends pages of arguments.
//
//	HEAD GET  /v1/functions                                         every function, with an ETag
//	GET       /v1/functions/{schema}                                the same
//	GET       /v1/functions/{schema}/{function}                     the signatures of a name
//	POST      /v1/functions/{schema}/{function}/{id}/{version}      a page of arguments; returns a page of one channel
//
// HLL is varbinary here, and every sketch is checked. The handler keeps no state between calls.
//
// PrestoDB shows the user the body of a response only if its status is 200. So an error is sent as a page that PrestoDB
// cannot read, and whose error it does show ([prestopage.AppendError]). A client that does not accept pages gets the
// error as a status and text.
package rest
