// A program beside the plugin that registers nothing.
package main

func main() {}
