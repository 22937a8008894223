using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace VoxMake.Torch.Native;

/// <summary>
/// Exceptions of C# functions that libtorch called back. They wait here under a number, which crosses libtorch in their place, and are thrown again, with their own stack, where C# called libtorch;
/// autograd may have called back on a thread of its own.
/// </summary>
internal static class CallbackFailures
{
    private static readonly ConcurrentDictionary<long, ExceptionDispatchInfo> Waiting = new();
    private static long _last;

    /// <summary>Keeps an exception; the number is not 0.</summary>
    public static long Keep(Exception error)
    {
        var number = Interlocked.Increment(ref _last);
        Waiting[number] = ExceptionDispatchInfo.Capture(error);
        return number;
    }

    /// <summary>Throws it, if it still waits.</summary>
    public static void Rethrow(long number)
    {
        if (Waiting.TryRemove(number, out var failure)) failure.Throw();
    }
}
