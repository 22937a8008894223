using System.Text.RegularExpressions;
using VoxMake.Torch.Native;

namespace VoxMake.Torch.Tests;

/// <summary>What the bridge says of the libtorch that it found, and of what it misses.</summary>
[Collection("libtorch")]
public class LibtorchTests
{
    private const string Reference = "7f10-7f11 r-xp 00000000 fe:00 12 /usr/lib/x86_64-linux-gnu/blas/libblas.so.3.11.0";
    private const string Thin = "7f12-7f13 r-xp 00000000 fe:00 13                  /usr/lib/x86_64-linux-gnu/openblas-pthread/libblas.so.3";
    private const string Open = "7f14-7f15 r-xp 00000000 fe:00 14                  /usr/lib/x86_64-linux-gnu/openblas-pthread/libopenblasp-r0.3.21.so";
    private const string Other = "7f16-7f17 rw-p 00000000 00:00 0 \n7f18-7f19 r-xp 00000000 fe:00 15 /usr/lib/x86_64-linux-gnu/libc.so.6";

    [SkippableFact]
    public void It_says_which_libtorch_it_uses_and_where_it_lies()
    {
        NeedsTorch.OrSkip();
        Assert.Matches(@"^libtorch \d+\.\d+\.\d+ \(.+, /.+\), .*1 thread, (no CUDA device|cuda:0 .+)$", Libtorch.Describe());
        Assert.Contains($"libtorch {Regex.Match(Libtorch.Version, @"^[\d.]+").Value} ", Libtorch.Describe());
    }

    [SkippableFact]
    public void It_says_what_decides_how_sums_are_rounded()
    {
        NeedsTorch.OrSkip();
        Assert.Matches(System.Runtime.Intrinsics.X86.X86Base.IsSupported ? @"^[A-Z][A-Z0-9 ]+ on [A-Za-z ]{12} family \d+ model \d+$" : @"^\S+ on \S+$", Libtorch.Processor);
        Assert.StartsWith("AVX512 on ", Processor.Describe("PyTorch built with:\n  - CPU capability usage: AVX512\n  - Build settings: BLAS_INFO=open, \n"));
        Assert.StartsWith("unknown instructions on ", Processor.Describe("PyTorch built with:\n"));
        Assert.StartsWith(TorchLibrary.Blas?.Name ?? "inside libtorch", Libtorch.Blas);
        if (TorchLibrary.Blas is { Name: "openblas-pthread" }) Assert.Matches(@"^openblas-pthread \(OpenBLAS \d+\.\d+.* MAX_THREADS=\d+\)$", Libtorch.Blas);
    }

    [SkippableFact]
    public void The_number_of_threads_reaches_OpenBLAS_too()
    {
        NeedsTorch.OrSkip();
        Skip.If(TorchLibrary.Blas is null or { IsReference: true }, "there is no OpenBLAS beside this libtorch");
        var library = System.Runtime.InteropServices.NativeLibrary.Load(TorchLibrary.Blas!.File);
        Skip.IfNot(System.Runtime.InteropServices.NativeLibrary.TryGetExport(library, "openblas_get_num_threads", out var get), "it is another BLAS");
        try
        {
            Libtorch.Threads = 2;
            Assert.Equal(2, Read());
        }
        finally { Libtorch.Threads = 1; }
        Assert.Equal(1, Read());

        unsafe int Read() => ((delegate* unmanaged[Cdecl]<int>)get)();
    }

    [Fact]
    public void The_library_that_multiplies_matrices_is_known_by_its_folder()
    {
        Assert.Equal("openblas-pthread", Blas.In([Other, Thin, Open])!.Name);
        Assert.EndsWith("libopenblasp-r0.3.21.so", Blas.In([Other, Thin, Open])!.File);
        Assert.True(Blas.In([Other, Reference])!.IsReference);
        Assert.True(Blas.In([Open, Reference])!.IsReference); // LAPACK is OpenBLAS's, the products are not
        Assert.Equal("openblas", Blas.In([Open])!.Name);
        Assert.False(Blas.In([Reference.Replace("/blas/", "/blis-openmp/")])!.IsReference);
        Assert.Null(Blas.In([Other]));
    }

    [Fact]
    public void A_slow_BLAS_and_a_GPU_that_cannot_be_used_are_warned_of()
    {
        Assert.Empty(Libtorch.WarningsOf(null, hasCuda: true, devices: 1));
        Assert.Empty(Libtorch.WarningsOf(Blas.In([Thin, Open]), hasCuda: false, devices: 0));
        Assert.Contains("apt-get install libopenblas0-pthread", Assert.Single(Libtorch.WarningsOf(Blas.In([Reference]), hasCuda: false, devices: 0)));
        Assert.Contains("nvidia-smi", Assert.Single(Libtorch.WarningsOf(null, hasCuda: true, devices: 0)));
    }

    [Fact]
    public void Without_a_libtorch_it_says_what_was_tried()
    {
        var tried = new List<string>();
        var before = Environment.GetEnvironmentVariable("VOX_TORCH");
        try
        {
            Environment.SetEnvironmentVariable("VOX_TORCH", "/no/such/folder");
            Assert.Null(LibtorchPlace.Find(tried));
        }
        finally { Environment.SetEnvironmentVariable("VOX_TORCH", before); }
        Assert.Equal(["VOX_TORCH=/no/such/folder: no lib/libtorch.so and include/torch/csrc there"], tried);
    }

    [Fact]
    public void The_version_is_read_from_the_headers()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("torch"));
        File.WriteAllText(folder.File("torch/version.h"), "#pragma once\n#define TORCH_VERSION_MAJOR 2\n/// text\n#define TORCH_VERSION_MINOR 13\n#define TORCH_VERSION_PATCH 0\n#define TORCH_VERSION \\\n  \"2.13.0\"\n");
        Assert.Equal("libtorch 2.13.0 (here, /lib)", new LibtorchPlace([folder.File("nothing"), folder.File("")], "/lib", "here").ToString());
        Assert.Equal("of unknown version", new LibtorchPlace([folder.File("nothing")], "/lib", "here").Version);
    }

    [Fact]
    public void Devices_are_read_as_PyTorch_writes_them()
    {
        Assert.True(Device.TryParse("cpu", out var device) && device == Device.Cpu);
        Assert.True(Device.TryParse("cuda", out device) && device == Device.Cuda(0));
        Assert.True(Device.TryParse("cuda:12", out device) && device == Device.Cuda(12));
        Assert.All(new[] { "", "CPU", "cpu:0", "cuda:", "cuda:-1", "cuda: 1", "cuda:1x", "cuda:99999999999", "tpu" }, text => Assert.False(Device.TryParse(text, out _)));
    }

    [SkippableFact]
    public void The_CPU_is_there_and_a_thousandth_GPU_is_not()
    {
        NeedsTorch.OrSkip();
        Assert.True(Device.Cpu.IsThere);
        Assert.False(Device.Cuda(999).IsThere);
        Assert.Equal(Libtorch.CudaDevices > 0, Device.Cuda().IsThere);
    }
}
