// Asks the runtime API for calls, as the vendor's library does, with nothing but the standard library.
package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
)

var greetings = map[string]string{"en": "Hello", "fr": "Bonjour", "zh": "你好"}

func greet(event []byte) []byte {
	asked := struct{ Name, Language string }{"world", "en"}
	if err := json.Unmarshal(event, &asked); err != nil {
		log.Print(err)
	}
	answer, _ := json.Marshal(map[string]string{"greeting": greetings[asked.Language] + ", " + asked.Name + "!"})
	return answer
}

func web(params string) (string, []byte) {
	var request struct {
		RequestURI string `json:"requestURI"`
	}
	decoded, _ := base64.StdEncoding.DecodeString(params)
	_ = json.Unmarshal(decoded, &request)
	target, _ := url.Parse(request.RequestURI)
	language, name := target.Query().Get("language"), target.Query().Get("name")
	status, body := 404, fmt.Sprintf("No greeting in '%s'.\n", language)
	if greeting, known := greetings[language]; known {
		status, body = 200, fmt.Sprintf("%s, %s!\n", greeting, name)
	}
	answer, _ := json.Marshal(map[string]any{
		"status": status, "headersMap": map[string][]string{"Content-Type": {"text/plain; charset=utf-8"}},
	})
	return base64.StdEncoding.EncodeToString(answer), []byte(body)
}

func main() {
	api := "http://" + os.Getenv("FC_RUNTIME_API") + "/2020-11-11/runtime/invocation/"
	for {
		call, err := http.Get(api + "next")
		if err != nil {
			log.Fatal(err)
		}
		event, _ := io.ReadAll(call.Body)
		call.Body.Close()
		request, _ := http.NewRequest("POST", api+call.Header.Get("x-fc-request-id")+"/response", nil)
		body := greet
		if params := call.Header.Get("x-fc-http-params"); params != "" {
			encoded, page := web(params)
			request.Header.Set("x-fc-http-params", encoded)
			body = func([]byte) []byte { return page }
		}
		request.Body = io.NopCloser(bytes.NewReader(body(event)))
		if done, err := http.DefaultClient.Do(request); err == nil {
			done.Body.Close()
		}
	}
}
