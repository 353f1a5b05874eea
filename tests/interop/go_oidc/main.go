// A relying party in Go: reads a token from stdin and verifies it from discovery alone.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
)

func main() {
	claims, err := verify(context.Background(), os.Args[1], os.Args[2], os.Stdin)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(claims)
}

func verify(ctx context.Context, issuer, audience string, in io.Reader) (string, error) {
	token, err := io.ReadAll(in)
	if err != nil {
		return "", err
	}
	provider, err := oidc.NewProvider(ctx, issuer)
	if err != nil {
		return "", err
	}
	verifier := provider.Verifier(&oidc.Config{ClientID: audience})
	verified, err := verifier.Verify(ctx, strings.TrimSpace(string(token)))
	if err != nil {
		return "", err
	}
	var claims map[string]any
	if err := verified.Claims(&claims); err != nil {
		return "", err
	}
	return fmt.Sprint(verified.Subject, " ", claims["workload"]), nil
}
