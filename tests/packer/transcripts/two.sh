#!/bin/sh
echo two: a, b
