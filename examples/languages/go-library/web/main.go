// An HTTP function on the vendor's library: the request and the writer of Go's own net/http.
package main

import (
	"context"
	"fmt"
	"net/http"

	"github.com/aliyun/fc-runtime-go-sdk/fc"
)

var greetings = map[string]string{"en": "Hello", "fr": "Bonjour", "zh": "你好"}

func web(_ context.Context, answer http.ResponseWriter, request *http.Request) error {
	query := request.URL.Query()
	greeting, known := greetings[query.Get("language")]
	answer.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if !known {
		answer.WriteHeader(http.StatusNotFound)
		fmt.Fprintf(answer, "No greeting in '%s'.\n", query.Get("language"))
		return nil
	}
	fmt.Fprintf(answer, "%s, %s!\n", greeting, query.Get("name"))
	return nil
}

func main() {
	fc.StartHttp(web)
}
