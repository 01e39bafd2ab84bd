package main

import (
	"errors"
	"syscall"
)

func isErrno(err error, number syscall.Errno) bool {
	var found syscall.Errno
	return errors.As(err, &found) && found == number
}
