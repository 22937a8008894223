using System.Runtime.InteropServices;

namespace VoxMake.Onnx.Native;

/// <summary>Something of the library's, given back once and never while a call uses it, and the array that it lies over.</summary>
internal sealed class OrtHandle : SafeHandle
{
    private readonly OrtApi _api;
    private readonly int _release;
    private GCHandle _pinned;

    /// <param name="release">Entry of the function that gives it back.</param>
    /// <param name="pinned">The array under a tensor; freed with it.</param>
    public OrtHandle(OrtApi api, int release, nint handle, GCHandle pinned = default) : base(0, ownsHandle: true)
    {
        (_api, _release, _pinned) = (api, release, pinned);
        SetHandle(handle);
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        _api.Release(_release, handle);
        if (_pinned.IsAllocated) _pinned.Free();
        return true;
    }
}
