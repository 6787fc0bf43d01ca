// An event function on the vendor's library: a handler of its own types, and an initializer that runs before it.
package main

import (
	"context"
	"fmt"

	"github.com/aliyun/fc-runtime-go-sdk/fc"
	"github.com/aliyun/fc-runtime-go-sdk/fccontext"
)

type asked struct {
	Name     string `json:"name"`
	Language string `json:"language"`
}

type answered struct {
	Greeting string `json:"greeting"`
}

var greetings map[string]string

func initialize(context.Context) {
	greetings = map[string]string{"en": "Hello", "fr": "Bonjour", "zh": "你好"}
}

func greet(ctx context.Context, event asked) (*answered, error) {
	if known, ok := fccontext.FromContext(ctx); ok {
		known.GetLogger().Infof("%s greets %s", known.Function.Name, event.Name)
	}
	greeting, ok := greetings[event.Language]
	if !ok {
		return nil, fmt.Errorf("no greeting in '%s'", event.Language)
	}
	return &answered{greeting + ", " + event.Name + "!"}, nil
}

func main() {
	fc.RegisterInitializerFunction(initialize)
	fc.Start(greet)
}
